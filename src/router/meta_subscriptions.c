/* SPDX-License-Identifier: Apache-2.0 */
/* wamp.subscription.*, without the history. Ids that the storage keeps are found although nobody is
 * subscribed. */
#include "router_state.h"

static const char *const match_names[] = {"exact", "prefix", "wildcard"};

bool zw_stable_subscription(const zw_realm *realm, uint64_t id, enum zw_match *match, zw_str *uri) {
  const zw_storage *storage = realm->options.storage;
  uint64_t found;
  if (!storage) return false;
  for (size_t i = 0; storage->subscription_at(storage->ctx, i, &found, match, uri); i++)
    if (found == id) return true;
  return false;
}

static uint64_t stable_id(const zw_realm *realm, enum zw_match match, zw_str uri) {
  const zw_storage *storage = realm->options.storage;
  enum zw_match found_match;
  zw_str found_uri;
  uint64_t id;
  if (!storage) return 0;
  for (size_t i = 0; storage->subscription_at(storage->ctx, i, &id, &found_match, &found_uri); i++)
    if (found_match == match && zw_str_eq(found_uri, uri)) return id;
  return 0;
}

static void list_of_match(zw_meta_call *call, enum zw_match match) {
  const zw_subscription *subscription;
  zw_cbor_key(&call->w, match_names[match]);
  zw_cbor_array(&call->w, SIZE_MAX);
  for (size_t i = 0; (subscription = zw_hmap_next(&call->realm->subscriptions, &i));)
    if (subscription->match == match) zw_cbor_uint(&call->w, subscription->id);
  zw_cbor_array_end(&call->w);
}

int zw_meta_subscription_list(zw_meta_call *call) {
  zw_cbor_map(&call->w, 3);
  list_of_match(call, ZW_MATCH_EXACT);
  list_of_match(call, ZW_MATCH_PREFIX);
  list_of_match(call, ZW_MATCH_WILDCARD);
  zw_cbor_map_end(&call->w);
  return 0;
}

/* options.match; absent: exact. */
static int match_option(zw_meta_call *call, enum zw_match *match) {
  zw_value value;
  zw_str name;
  *match = ZW_MATCH_EXACT;
  if (!zw_value_present(&call->args[1])) return 0;
  int found = zw_value_get(&call->args[1], ZW_STR("match"), &value);
  if (!found) return 0;
  if (found > 0 && !zw_value_str(&value, &name))
    for (unsigned i = 0; i < sizeof match_names / sizeof *match_names; i++)
      if (zw_str_eq(name, zw_str_of(match_names[i]))) {
        *match = (enum zw_match)i;
        return 0;
      }
  return zw_fail(&call->diag, ZW_EINVAL,
                 "options is {\"match\": \"exact\" | \"prefix\" | \"wildcard\"}.");
}

int zw_meta_subscription_lookup(zw_meta_call *call) {
  enum zw_match match;
  zw_str uri;
  int error = match_option(call, &match);
  if (error) return error;
  if (zw_value_str(&call->args[0], &uri)) return zw_fail(&call->diag, ZW_EINVAL, "topic is a URI.");
  const zw_subscription *subscription =
      zw_uri_index_get(&call->realm->subscription_index, match, uri);
  uint64_t id = subscription ? subscription->id : stable_id(call->realm, match, uri);
  if (id)
    zw_cbor_uint(&call->w, id);
  else
    zw_cbor_null(&call->w);
  return 0;
}

static void add_id(void *ctx, void *value) {
  zw_meta_call *call = ctx;
  const zw_subscription *subscription = value;
  zw_cbor_uint(&call->w, subscription->id);
}

int zw_meta_subscription_match(zw_meta_call *call) {
  zw_str uri;
  if (zw_value_str(&call->args[0], &uri)) return zw_fail(&call->diag, ZW_EINVAL, "topic is a URI.");
  zw_cbor_array(&call->w, SIZE_MAX);
  zw_uri_index_match(&call->realm->subscription_index, uri, add_id, call);
  zw_cbor_array_end(&call->w);
  return 0;
}

static void write_subscription(zw_cbor_writer *w, uint64_t id, enum zw_match match, zw_str uri,
                               const zw_subscription *live) {
  zw_cbor_map(w, live ? 4 : 3);
  zw_cbor_key(w, "id");
  zw_cbor_uint(w, id);
  zw_cbor_key(w, "uri");
  zw_cbor_str(w, uri);
  zw_cbor_key(w, "match");
  zw_cbor_str(w, zw_str_of(match_names[match]));
  if (live) {
    zw_cbor_key(w, "created");
    zw_cbor_time(w, live->created);
  }
  zw_cbor_map_end(w);
}

/* The subscription of the first argument, or one that the storage knows (*live NULL). */
static int find(zw_meta_call *call, uint64_t *id, enum zw_match *match, zw_str *uri,
                const zw_subscription **live) {
  int error = zw_meta_id(call, 0, "subscription", id);
  if (error) return error;
  *live = zw_hmap_get_id(&call->realm->subscriptions, *id);
  if (*live) {
    *match = (*live)->match;
    *uri = (*live)->uri;
  } else if (!zw_stable_subscription(call->realm, *id, match, uri)) {
    return zw_meta_no_such(call, "wamp.error.no_such_subscription", "subscription", *id);
  }
  return 0;
}

int zw_meta_subscription_get(zw_meta_call *call) {
  uint64_t id;
  enum zw_match match;
  zw_str uri;
  const zw_subscription *live;
  int error = find(call, &id, &match, &uri, &live);
  if (!error) write_subscription(&call->w, id, match, uri, live);
  return error;
}

int zw_meta_subscription_members(zw_meta_call *call) {
  uint64_t id;
  enum zw_match match;
  zw_str uri;
  const zw_subscription *live;
  int error = find(call, &id, &match, &uri, &live);
  if (error) return error;
  zw_cbor_array(&call->w, SIZE_MAX);
  for (size_t i = 0; live && i < live->member_count; i++)
    zw_cbor_uint(&call->w, live->members[i]->peer->id);
  zw_cbor_array_end(&call->w);
  return 0;
}

int zw_meta_subscription_member_count(zw_meta_call *call) {
  uint64_t id;
  enum zw_match match;
  zw_str uri;
  const zw_subscription *live;
  int error = find(call, &id, &match, &uri, &live);
  if (!error) zw_cbor_uint(&call->w, live ? live->member_count : 0);
  return error;
}
