/* SPDX-License-Identifier: Apache-2.0 */
/* The fixture's store: events and records in memory, committed when the test says so. */
#include "router_fixture_store.h"

/* ---- what is handed out ------------------------------------------------------------------------- */

static zw_span hand_out(fixture *f, zw_span bytes) {
  if (!bytes.len) return bytes;
  void *copy = malloc(bytes.len);
  assert_non_null(copy);
  assert_true(f->mapped_count < sizeof f->mapped / sizeof *f->mapped);
  f->mapped[f->mapped_count++] = copy;
  memcpy(copy, bytes.ptr, bytes.len);
  return zw_span_of(copy, bytes.len);
}

static zw_str hand_out_text(fixture *f, zw_str text) {
  return zw_span_str(hand_out(f, zw_str_span(text)));
}

void fixture_turn(fixture *f) {
  while (f->mapped_count) free(f->mapped[--f->mapped_count]);
  f->snapshot = f->log_count;
  f->turns++;
}

/* ---- topics and subscriptions ------------------------------------------------------------------------ */

static uint32_t store_topic(void *ctx, zw_str uri, enum zw_match match) {
  (void)ctx;
  for (size_t i = 0; i < fixture_model.topic_count; i++) {
    const zw_topic_def *def = &fixture_model.topics[i];
    if (def->durable && def->match == match && zw_str_eq(def->uri, uri)) return (uint32_t)i + 1;
  }
  return 0;
}

static uint64_t store_subscription(void *ctx, enum zw_match match, zw_str uri) {
  fixture *f = ctx;
  for (size_t i = 0; i < f->stable_count; i++)
    if (f->stable[i].match == match && zw_str_eq(f->stable[i].uri, uri)) return f->stable[i].id;
  assert_true(f->stable_count < sizeof f->stable / sizeof *f->stable);
  size_t i = f->stable_count++;
  f->stable[i].id = i + 1;
  f->stable[i].match = match;
  f->stable[i].uri = zw_arena_str(&f->arena, uri);
  return i + 1;
}

static bool store_subscription_at(void *ctx, size_t i, uint64_t *id, enum zw_match *match,
                                  zw_str *uri) {
  fixture *f = ctx;
  if (i >= f->stable_count) return false;
  *id = f->stable[i].id;
  *match = f->stable[i].match;
  *uri = f->stable[i].uri;
  return true;
}

/* ---- writing -------------------------------------------------------------------------------------------- */

static zw_span keep(fixture *f, zw_span bytes) {
  if (!bytes.len) return bytes;
  void *copy = zw_arena_get(&f->arena, bytes.len);
  memcpy(copy, bytes.ptr, bytes.len);
  return zw_span_of(copy, bytes.len);
}

static void log_event(fixture *f, const zw_stored *event) {
  void *array = f->log;
  assert_int_equal(
      zw_array_reserve(NULL, &array, &f->log_capacity, f->log_count + 1, sizeof *f->log), 0);
  f->log = array;
  zw_stored *stored = &f->log[f->log_count++];
  *stored = *event;
  stored->uri = zw_span_str(keep(f, zw_str_span(event->uri)));
  stored->publisher_authid = zw_span_str(keep(f, zw_str_span(event->publisher_authid)));
  stored->publisher_authrole = zw_span_str(keep(f, zw_str_span(event->publisher_authrole)));
  stored->payload = keep(f, event->payload);
  if (!f->stale) f->snapshot = f->log_count;
}

static zw_str record_id(zw_span record) { return zw_table_str(zw_root_trusted(record), 0); }

static fixture_record *find_record(fixture *f, zw_str id) {
  for (size_t i = 0; i < f->record_count; i++)
    if (zw_str_eq(zw_str_of(f->records[i].id), id)) return &f->records[i];
  return NULL;
}

static int apply(fixture *f, const fixture_write *w, zw_diag *diag) {
  zw_str id = record_id(w->record);
  fixture_record *record = find_record(f, id);
  if (w->op == ZW_OP_DELETE) {
    if (!record) return zw_fail(diag, ZW_ENOTFOUND, "sensors: no record %.*s.", ZW_ARG(id));
    *record = f->records[--f->record_count];
    return 0;
  }
  if (record && w->op == ZW_OP_INSERT)
    return zw_fail(diag, ZW_EEXISTS, "sensors: %.*s exists already.", ZW_ARG(id));
  if (!record) record = &f->records[f->record_count++];
  assert_true(w->record.len <= sizeof record->bytes && id.len < sizeof record->id);
  memset(record->id, 0, sizeof record->id);
  memcpy(record->id, id.ptr, id.len);
  memcpy(record->bytes, w->record.ptr, w->record.len);
  record->len = w->record.len;
  return 0;
}

static void complete(fixture *f, const fixture_write *w) {
  zw_diag diag = {.error = 0};
  int error = f->fail_commit;
  if (error) zw_fail(&diag, error, "the disk is full.");
  if (!error && w->follows) error = f->change_error;
  if (!w->is_event) f->change_error = 0;
  if (!error && w->is_event) log_event(f, &w->event);
  if (!error && !w->is_event) f->change_error = error = apply(f, w, &diag);
  zw_router_committed(f->router, w->token, error, error ? &diag : NULL);
}

void fixture_commit(fixture *f, size_t n) {
  while (n-- && f->queue_count) {
    fixture_write first = f->queue[0];
    memmove(f->queue, f->queue + 1, --f->queue_count * sizeof *f->queue);
    complete(f, &first);
  }
}

static void submit(fixture *f, const fixture_write *w) {
  if (f->immediate) {
    complete(f, w);
    return;
  }
  assert_true(f->queue_count < sizeof f->queue / sizeof *f->queue);
  f->queue[f->queue_count++] = *w;
}

static void submit_event(fixture *f, const zw_append *append, bool follows) {
  zw_stored *event = append->event;
  assert_true(append->owner || !event->payload.len);
  event->seq = ++f->next_seq;
  event->publication = event->seq * 7 + 1000;
  event->timestamp = f->now + (int64_t)event->seq;
  submit(f, &(fixture_write){
                .token = append->token, .is_event = true, .follows = follows, .event = *event});
}

static int store_append(void *ctx, const zw_append *append, zw_diag *diag) {
  fixture *f = ctx;
  if (f->fail_append) return zw_fail(diag, f->fail_append, "the store is closed.");
  submit_event(f, append, false);
  return 0;
}

static int store_map_write(void *ctx, const zw_map_change *change, zw_diag *diag) {
  fixture *f = ctx;
  enum zw_op op = change->op;
  assert_ptr_equal(change->map, fixture_model.maps);
  assert_non_null(change->owner);
  assert_ptr_equal(change->request_type,
                   op == ZW_OP_DELETE ? &fixture_sensor_key : &fixture_sensor);
  if (f->fail_append) return zw_fail(diag, f->fail_append, "the store is closed.");
  zw_append events[4];
  size_t count = change->event_count;
  assert_true(count <= 4);
  if (count) memcpy(events, change->events, count * sizeof *events);
  submit(f, &(fixture_write){.token = change->token, .op = op, .record = change->record});
  for (size_t i = 0; i < count; i++) submit_event(f, &events[i], true);
  return 0;
}

/* ---- reading ----------------------------------------------------------------------------------------------- */

static uint64_t store_last_seq(void *ctx) {
  fixture *f = ctx;
  return f->log_count ? f->log[f->log_count - 1].seq : 0;
}

static uint64_t store_seq_of(void *ctx, uint64_t publication) {
  fixture *f = ctx;
  if (publication <= 1000 || (publication - 1000) % 7) return 0;
  uint64_t seq = (publication - 1000) / 7;
  return seq <= f->next_seq ? seq : 0;
}

typedef struct cursor {
  zw_history_query query;
  uint32_t topics[16];
  size_t at; /* of the next to look at; reverse: one past it */
} cursor;

static bool in_query(const cursor *c, const zw_stored *e) {
  const zw_history_query *q = &c->query;
  bool topic = false;
  for (size_t i = 0; i < q->topic_count; i++) topic |= c->topics[i] == e->topic;
  return topic && e->seq >= q->from_seq && (!q->to_seq || e->seq <= q->to_seq) &&
         (!q->has_from_time || e->timestamp >= q->from_time) &&
         (!q->has_until_time || e->timestamp <= q->until_time);
}

static int store_history_open(void *ctx, const zw_history_query *query, void **out) {
  fixture *f = ctx;
  if (f->fail_history) return f->fail_history;
  cursor *c = calloc(1, sizeof *c);
  assert_non_null(c);
  assert_true(query->topic_count <= 16);
  c->query = *query;
  memcpy(c->topics, query->topics, query->topic_count * sizeof *c->topics);
  c->at = query->reverse ? f->snapshot : 0;
  if (query->last) {
    uint64_t left = query->last;
    size_t i = f->snapshot;
    while (i && left) left -= in_query(c, &f->log[--i]);
    c->at = i;
  }
  f->cursors++;
  *out = c;
  return 0;
}

static int store_history_next(void *ctx, void *opaque, zw_stored *out) {
  fixture *f = ctx;
  cursor *c = opaque;
  if (f->fail_history) return f->fail_history;
  for (;;) {
    if (c->query.reverse ? c->at == 0 : c->at >= f->snapshot) return ZW_ENOTFOUND;
    const zw_stored *e = c->query.reverse ? &f->log[--c->at] : &f->log[c->at++];
    if (!in_query(c, e)) continue;
    *out = *e;
    out->uri = hand_out_text(f, e->uri);
    out->publisher_authid = hand_out_text(f, e->publisher_authid);
    out->publisher_authrole = hand_out_text(f, e->publisher_authrole);
    out->payload = hand_out(f, e->payload);
    return 0;
  }
}

static void store_history_close(void *ctx, void *opaque) {
  fixture *f = ctx;
  f->cursors--;
  free(opaque);
}

static int store_map_get(void *ctx, const zw_map_def *map, const zw_type *request_type,
                         zw_table request, zw_span *record, const zw_type **type, zw_diag *diag) {
  fixture *f = ctx;
  zw_str id = zw_table_str(request, 0);
  assert_ptr_equal(map, fixture_model.maps);
  assert_ptr_equal(request_type, &fixture_sensor_key);
  const fixture_record *found = find_record(f, id);
  if (!found) return zw_fail(diag, ZW_ENOTFOUND, "sensors: no record %.*s.", ZW_ARG(id));
  *record = hand_out(f, zw_span_of(found->bytes, found->len));
  *type = &fixture_sensor;
  return 0;
}

static int store_map_count(void *ctx, const zw_map_def *map, uint64_t *count) {
  fixture *f = ctx;
  assert_ptr_equal(map, fixture_model.maps);
  *count = f->record_count;
  return 0;
}

static bool store_schema_at(void *ctx, size_t i, const zw_schema **schema) {
  const zw_schema *const schemas[] = {fixture_model.schema, &fixture_other_schema,
                                      &fixture_older_schema};
  (void)ctx;
  if (i >= sizeof schemas / sizeof *schemas) return false;
  *schema = schemas[i];
  return true;
}

void fixture_store_init(fixture *f) {
  f->storage = (zw_storage){
      .ctx = f,
      .topic = store_topic,
      .subscription = store_subscription,
      .subscription_at = store_subscription_at,
      .append = store_append,
      .last_seq = store_last_seq,
      .seq_of = store_seq_of,
      .history_open = store_history_open,
      .history_next = store_history_next,
      .history_close = store_history_close,
      .map_get = store_map_get,
      .map_count = store_map_count,
      .map_write = store_map_write,
      .schema_at = store_schema_at,
  };
  for (size_t i = 0; i < fixture_model.topic_count; i++) {
    const zw_topic_def *def = &fixture_model.topics[i];
    if (def->durable) store_subscription(f, def->match, def->uri);
  }
}
