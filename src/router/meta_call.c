/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router's own procedures: one table of names, parameters and functions; arguments by position
 * or by name, brought to CBOR first; results in CBOR.
 */
#include "router_state.h"

typedef struct meta_procedure {
  const char *uri;
  const char *parameters[ZW_META_PARAMETERS];
  zw_meta_function *call;
} meta_procedure;

static const meta_procedure procedures[] = {
    {"wamp.session.count", {"filter_authroles"}, zw_meta_session_count},
    {"wamp.session.list", {"filter_authroles"}, zw_meta_session_list},
    {"wamp.session.get", {"session"}, zw_meta_session_get},
    {"wamp.subscription.list", {NULL}, zw_meta_subscription_list},
    {"wamp.subscription.lookup", {"topic", "options"}, zw_meta_subscription_lookup},
    {"wamp.subscription.match", {"topic"}, zw_meta_subscription_match},
    {"wamp.subscription.get", {"subscription"}, zw_meta_subscription_get},
    {"wamp.subscription.list_subscribers", {"subscription"}, zw_meta_subscription_members},
    {"wamp.subscription.count_subscribers", {"subscription"}, zw_meta_subscription_member_count},
    {"wamp.subscription.get_events",
     {"subscription", "reverse", "limit", "from_time", "after_time", "before_time", "until_time",
      "topic", "from_publication", "after_publication", "before_publication", "until_publication"},
     zw_meta_get_events},
    {"wamp.registration.list", {NULL}, zw_meta_registration_list},
    {"wamp.registration.lookup", {"procedure", "options"}, zw_meta_registration_lookup},
    {"wamp.registration.match", {"procedure"}, zw_meta_registration_match},
    {"wamp.registration.get", {"registration"}, zw_meta_registration_get},
    {"wamp.registration.list_callees", {"registration"}, zw_meta_registration_callees},
    {"wamp.registration.count_callees", {"registration"}, zw_meta_registration_callee_count},
    {"zerowire.schema.list", {NULL}, zw_meta_schema_list},
    {"zerowire.schema.get", {"id"}, zw_meta_schema_get},
};
#define PROCEDURE_COUNT (sizeof procedures / sizeof *procedures)

static const meta_procedure *find_procedure(zw_str uri) {
  if (!uri.len || (uri.ptr[0] != 'w' && uri.ptr[0] != 'z')) return NULL;
  for (size_t i = 0; i < PROCEDURE_COUNT; i++)
    if (zw_str_eq(uri, zw_str_of(procedures[i].uri))) return &procedures[i];
  return NULL;
}

bool zw_meta_exists(zw_str uri) { return find_procedure(uri) != NULL; }

/* ---- arguments ------------------------------------------------------------------------------------- */

static size_t parameter_count(const meta_procedure *procedure) {
  size_t n = 0;
  while (n < ZW_META_PARAMETERS && procedure->parameters[n]) n++;
  return n;
}

static bool is_null(const zw_value *value) {
  return value->octets.len == 1 && (value->octets.ptr[0] == 0xF6 || value->octets.ptr[0] == 0xF7);
}

static int bad_name(const meta_procedure *procedure, zw_str name, zw_diag *diag) {
  zw_str names[ZW_META_PARAMETERS];
  size_t count = parameter_count(procedure);
  for (size_t i = 0; i < count; i++) names[i] = zw_str_of(procedure->parameters[i]);
  int near = zw_did_you_mean(name, names, count);
  if (near < 0)
    return zw_fail(diag, ZW_EINVAL, "%s has no argument \"%.*s\".", procedure->uri, ZW_ARG(name));
  return zw_fail(diag, ZW_EINVAL, "%s has no argument \"%.*s\". Did you mean \"%s\"?",
                 procedure->uri, ZW_ARG(name), procedure->parameters[near]);
}

static int take_args(zw_meta_call *call, const meta_procedure *procedure, zw_span args) {
  zw_cbor_items items;
  zw_value value;
  size_t count = parameter_count(procedure);
  if (!args.ptr) return 0;
  if (zw_cbor_items_open(&items, args) || items.is_map)
    return zw_fail(&call->diag, ZW_EINVAL, "args is a list.");
  for (size_t i = 0; zw_cbor_items_next(&items, &value); i++) {
    if (i == count)
      return zw_fail(&call->diag, ZW_EINVAL, "%s takes at most %zu arguments.", procedure->uri,
                     count);
    if (!is_null(&value)) call->args[i] = value;
  }
  return 0;
}

static int take_kwarg(zw_meta_call *call, const meta_procedure *procedure, zw_str name,
                      const zw_value *value) {
  for (size_t i = 0; i < parameter_count(procedure); i++) {
    if (!zw_str_eq(name, zw_str_of(procedure->parameters[i]))) continue;
    if (zw_value_present(&call->args[i]))
      return zw_fail(&call->diag, ZW_EINVAL, "%.*s is given twice.", ZW_ARG(name));
    if (!is_null(value)) call->args[i] = *value;
    return 0;
  }
  return bad_name(procedure, name, &call->diag);
}

static int take_kwargs(zw_meta_call *call, const meta_procedure *procedure, zw_span kwargs) {
  zw_cbor_items items;
  zw_value key, value;
  zw_str name;
  int error = 0;
  if (!kwargs.ptr) return 0;
  if (zw_cbor_items_open(&items, kwargs) || !items.is_map)
    return zw_fail(&call->diag, ZW_EINVAL, "kwargs is a dictionary.");
  while (!error && zw_cbor_items_next(&items, &key) && zw_cbor_items_next(&items, &value)) {
    if (zw_value_str(&key, &name)) return zw_fail(&call->diag, ZW_EINVAL, "keys are strings.");
    error = take_kwarg(call, procedure, name, &value);
  }
  return error;
}

/* Both as CBOR: as they are, or converted one behind the other. */
static int take_arguments(zw_meta_call *call, const meta_procedure *procedure) {
  const zw_msg *msg = call->msg;
  zw_text *text = &call->peer->router->arguments;
  zw_span args = msg->args, kwargs = msg->kwargs;
  if (msg->payload.ptr)
    return zw_fail(&call->diag, ZW_EINVAL, "%s takes args and kwargs.", procedure->uri);
  if (msg->payload_format == ZW_FORMAT_JSON) {
    size_t middle = 0;
    int error = 0;
    zw_text_reset(text);
    if (args.ptr) error = zw_value_convert(ZW_FORMAT_JSON, args, ZW_FORMAT_CBOR, text, &call->diag);
    middle = text->len;
    if (!error && kwargs.ptr)
      error = zw_value_convert(ZW_FORMAT_JSON, kwargs, ZW_FORMAT_CBOR, text, &call->diag);
    if (error) return error;
    const uint8_t *at = (const uint8_t *)text->ptr;
    args = args.ptr ? zw_span_of(at, middle) : args;
    kwargs = kwargs.ptr ? zw_span_of(at + middle, text->len - middle) : kwargs;
  }
  int error = take_args(call, procedure, args);
  return error ? error : take_kwargs(call, procedure, kwargs);
}

int zw_meta_id(zw_meta_call *call, unsigned i, const char *name, uint64_t *out) {
  if (!zw_value_u64(&call->args[i], out)) return 0;
  return zw_fail(&call->diag, ZW_EINVAL, "%s is an id.", name);
}

int zw_meta_no_such(zw_meta_call *call, const char *uri, const char *what, uint64_t id) {
  call->uri = uri;
  return zw_fail(&call->diag, ZW_ENOTFOUND, "there is no %s %llu.", what, (unsigned long long)id);
}

/* ---- the call ------------------------------------------------------------------------------------------ */

static void answer_result(zw_meta_call *call) {
  zw_msg msg;
  static const uint8_t limited[] = "\xA1\x70is_limit_reached\xF5";
  zw_msg_init(&msg, ZW_RESULT);
  msg.request = call->msg->request;
  msg.payload_format = ZW_FORMAT_CBOR;
  msg.args = zw_str_span(zw_text_str(call->out));
  if (call->limited) msg.kwargs = zw_span_of(limited, sizeof limited - 1);
  zw_answer(call->peer, &msg, NULL, false);
}

static void answer_call(zw_meta_call *call, const meta_procedure *procedure) {
  int error = take_arguments(call, procedure);
  zw_text_reset(call->out);
  zw_cbor_writer_init(&call->w, call->out);
  zw_cbor_array(&call->w, 1);
  if (!error) error = procedure->call(call);
  zw_cbor_array_end(&call->w);
  if (!error && call->out->error) error = zw_fail(&call->diag, call->out->error, "out of memory.");
  if (!error)
    answer_result(call);
  else
    zw_answer_error(call->peer, ZW_CALL, call->msg->request,
                    call->uri ? call->uri : zw_error_uri(error), "%s", call->diag.message);
}

static void answer_unknown(zw_peer *peer, const zw_msg *msg) {
  zw_str names[PROCEDURE_COUNT];
  for (size_t i = 0; i < PROCEDURE_COUNT; i++) names[i] = zw_str_of(procedures[i].uri);
  int near = zw_did_you_mean(msg->uri, names, PROCEDURE_COUNT);
  zw_str nearest = near < 0 ? ZW_STR("") : names[near];
  zw_answer_error(peer, ZW_CALL, msg->request, "wamp.error.no_such_procedure",
                  "no procedure \"%.*s\".%s%.*s%s", ZW_ARG(msg->uri),
                  near < 0 ? "" : " Did you mean ", ZW_ARG(nearest), near < 0 ? "" : "?");
}

bool zw_meta_answer(zw_peer *peer, const zw_msg *msg) {
  const meta_procedure *procedure = find_procedure(msg->uri);
  if (!procedure && !zw_uri_reserved(msg->uri)) return false;
  if (!procedure) {
    answer_unknown(peer, msg);
    return true;
  }
  zw_meta_call call = {.peer = peer, .realm = peer->realm, .msg = msg, .out = &peer->router->text};
  answer_call(&call, procedure);
  return true;
}
