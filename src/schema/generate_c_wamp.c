/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME_wamp.h: each topic and procedure of the file as functions of views, over the typed functions
 * of client.h. Variables: Q the method's symbol, N the file's; u the URI and p a parameter for it,
 * where it is a pattern; of what is sent: A its parameter, a its table, Y its descriptor, V its
 * type; of what comes back: R its type, y its descriptor, B the parameters that take it, r and o
 * what they are to the library. What is Void has no parameter. x is how the URI matches.
 */
#include "generate_c.h"

static const char manual[] =
    " * Topics and procedures Q, over client.h.\n"
    " *   Q_publish(client, event, &diag)               acknowledged, blocking\n"
    " *   Q_publish_async(client, event, options, done, ctx, &diag)\n"
    " *   Q_subscription s = {on_event, ctx};  Q_subscribe(client, NULL, &s, &diag)\n"
    " *                                                 s is kept until Q_unsubscribe; events that "
    "do\n"
    " *                                                 not verify are counted in it and dropped\n"
    " *   Q_call(client, request, &response, &owner, &diag)   blocking; zw_buf_unref(owner) after "
    "use\n"
    " *   Q_pending p = {on_result, ctx};  Q_call_async(client, request, options, &p, &diag)\n"
    " *   Q_registration r = {on_request, ctx};  Q_register(client, &r, &diag);  "
    "Q_yield(invocation, …)\n"
    " *                                                 requests that do not verify are refused\n"
    " * Events, requests and results are views of received octets: they die with their callback.\n";

static const char family[] =
    "_publish\0_publish_async\0_subscription\0_on_event_\0_subscribe\0_unsubscribe\0_pending\0"
    "_on_result_\0_call\0_call_async\0_registration\0_on_invocation_\0_register\0_unregister\0"
    "_yield\0";

static const char publish[] =
    "static inline int $Q_publish(zw_client *client$p$A, zw_diag *diag) {\n"
    "  return zw_typed_publish(client, $u, $Y, $a, diag);\n}\n"
    "static inline int $Q_publish_async(zw_client *client$p$A, const zw_publish_options *options,\n"
    "    zw_client_done *done, void *ctx, zw_diag *diag) {\n"
    "  return zw_typed_publish_async(client, $u, $Y, $a, options, done, ctx, diag);\n}\n";

static const char subscription[] =
    "typedef struct $Q_subscription {\n"
    "  void (*event)(void *ctx$A, const zw_event_info *info);\n"
    "  void *ctx;\n"
    "  uint64_t id;      /* set by $Q_subscribe */\n"
    "  uint64_t dropped; /* events that did not verify */\n"
    "} $Q_subscription;\n"
    "static inline void $Q_on_event_(void *ctx, const zw_event_info *info) {\n"
    "  $Q_subscription *s = ($Q_subscription *)ctx;\n";
static const char on_event[] =
    "  $V event;\n  zw_buf *built = NULL;\n"
    "  if (zw_typed_view($Y, info->payload, &event.t, &built, NULL))\n"
    "    s->dropped++;\n  else\n    s->event(s->ctx, event, info);\n  zw_buf_unref(built);\n}\n";
static const char on_empty_event[] = "  s->event(s->ctx, info);\n}\n";
static const char subscribe[] =
    "static inline int $Q_subscribe(zw_client *client, const zw_subscribe_options *options,\n"
    "    $Q_subscription *s, zw_diag *diag) {\n"
    "  zw_subscribe_options o;\n"
    "  int error = zw_stamp_check(&$N_stamp, diag);\n"
    "  memset(&o, 0, sizeof o);\n  if (options) o = *options;\n  o.match = $x;\n"
    "  return error ? error : zw_client_subscribe(client, $U, &o, $Q_on_event_, s, &s->id, "
    "diag);\n}\n"
    "static inline int $Q_unsubscribe(zw_client *client, const $Q_subscription *s, zw_diag *diag) "
    "{\n"
    "  return zw_client_unsubscribe(client, s->id, diag);\n}\n";

static const char pending[] =
    "typedef struct $Q_pending {\n"
    "  void (*done)(void *ctx$D, const zw_result *result);\n  void *ctx;\n} $Q_pending;\n"
    "static inline void $Q_on_result_(void *ctx, const zw_result *result) {\n"
    "  $Q_pending *p = ($Q_pending *)ctx;\n";
static const char on_result[] =
    "  zw_result seen = *result;\n  $R response = {{NULL, 0, 0}};\n  zw_buf *built = NULL;\n"
    "  if (!seen.error$E)\n"
    "    seen.error = zw_typed_view($y, result->payload, &response.t, &built, NULL);\n"
    "  p->done(p->ctx, response, &seen);\n  zw_buf_unref(built);\n}\n";
static const char on_empty_result[] = "  p->done(p->ctx, result);\n}\n";
static const char call_async[] =
    "static inline int $Q_call_async(zw_client *client$p$A, const zw_call_options *options,\n"
    "    $Q_pending *pending, zw_diag *diag) {\n"
    "  return zw_typed_call_async(client, $u, $Y, $a, options, $Q_on_result_, pending, diag);\n}\n";
static const char call[] = "static inline int $Q_call(zw_client *client$p$A$B, zw_diag *diag) {\n"
                           "  return zw_typed_call(client, $u, $Y, $a, $y, $r, $o, diag);\n}\n";
static const char call_stream_async[] =
    "static inline int $Q_call_async(zw_client *client$p$A, const zw_call_options *options,\n"
    "    $Q_pending *pending, zw_diag *diag) {\n"
    "  zw_call_options o;\n  memset(&o, 0, sizeof o);\n  if (options) o = *options;\n"
    "  o.receive_progress = true;\n"
    "  return zw_typed_call_async(client, $u, $Y, $a, &o, $Q_on_result_, pending, diag);\n}\n";
static const char call_stream[] =
    "/* Blocking: items->done for each result. */\n"
    "static inline int $Q_call(zw_client *client$p$A, $Q_pending *items, zw_diag *diag) {\n"
    "  return zw_typed_call_stream(client, $u, $Y, $a, $Q_on_result_, items, diag);\n}\n";

static const char registration[] =
    "typedef struct $Q_registration {\n"
    "  void (*invoked)(void *ctx$A, zw_invocation *invocation);\n"
    "  void *ctx;\n  uint64_t id; /* set by $Q_register */\n} $Q_registration;\n"
    "static inline void $Q_on_invocation_(void *ctx, zw_invocation *invocation,\n"
    "    const zw_payload *arguments) {\n"
    "  $Q_registration *r = ($Q_registration *)ctx;\n";
static const char on_invocation[] =
    "  $V request;\n  zw_buf *built = NULL;\n"
    "  if (zw_typed_arguments($Y, invocation, arguments, &request.t, &built) == 0)\n"
    "    r->invoked(r->ctx, request, invocation);\n  zw_buf_unref(built);\n}\n";
static const char on_empty_invocation[] =
    "  (void)arguments;\n  r->invoked(r->ctx, invocation);\n}\n";
static const char register_and_yield[] =
    "static inline int $Q_register(zw_client *client, $Q_registration *r, zw_diag *diag) {\n"
    "  int error = zw_stamp_check(&$N_stamp, diag);\n"
    "  return error ? error : zw_client_register(client, $U, $Q_on_invocation_, r, &r->id, "
    "diag);\n}\n"
    "static inline int $Q_unregister(zw_client *client, const $Q_registration *r, zw_diag *diag) "
    "{\n"
    "  return zw_client_unregister(client, r->id, diag);\n}\n"
    "static inline int $Q_yield(zw_invocation *invocation$D$P) {\n"
    "  return zw_typed_yield(invocation, $y, $d, $g);\n}\n";

#define ABSENT "zw_root_trusted(zw_span_of(NULL, 0))"

static zw_str descriptor(c_gen *g, const zw_type *type) {
  return zw_gen_format(g->gen, "&%.*s_types[%zu]", ZW_ARG(g->name),
                       (size_t)(type - g->gen->from.schema->types));
}

static bool is_void(const c_gen *g, const zw_type *type) { return zw_c_type(g, type)->builtin; }

static void sent(c_gen *g, const zw_type *type, const char *name, zw_gen_vars *vars) {
  vars->of['Y'] = ZW_STR("NULL");
  vars->of['a'] = ZW_STR(ABSENT);
  if (is_void(g, type)) return;
  vars->of['V'] = zw_c_type(g, type)->symbol;
  vars->of['A'] = zw_gen_format(g->gen, ", %.*s %s", ZW_ARG(vars->of['V']), name);
  vars->of['a'] = zw_gen_format(g->gen, "%s.t", name);
  vars->of['Y'] = descriptor(g, type);
}

static void returned(c_gen *g, const zw_type *type, zw_gen_vars *vars) {
  vars->of['y'] = vars->of['r'] = vars->of['o'] = ZW_STR("NULL");
  vars->of['d'] = ZW_STR(ABSENT);
  if (is_void(g, type)) return;
  vars->of['R'] = zw_c_type(g, type)->symbol;
  vars->of['D'] = zw_gen_format(g->gen, ", %.*s response", ZW_ARG(vars->of['R']));
  vars->of['B'] = zw_gen_format(g->gen, ", %.*s *response, zw_buf **owner", ZW_ARG(vars->of['R']));
  vars->of['d'] = ZW_STR("response.t");
  vars->of['y'] = descriptor(g, type);
  vars->of['r'] = ZW_STR("&response->t");
  vars->of['o'] = ZW_STR("owner");
}

static void method_vars(c_gen *g, const zw_service *service, const zw_method *method, zw_str uri,
                        enum zw_match match, zw_gen_vars *vars) {
  static const char *const matches[] = {"ZW_MATCH_EXACT", "ZW_MATCH_PREFIX", "ZW_MATCH_WILDCARD"};
  zw_str space = zw_c_space(g, service->name), last = zw_gen_last(service->name);
  memset(vars, 0, sizeof *vars);
  vars->of['Q'] = zw_c_take_family(
      g, zw_gen_format(g->gen, "%.*s%.*s_%.*s", ZW_ARG(space), ZW_ARG(last), ZW_ARG(method->name)),
      family);
  vars->of['N'] = g->name;
  vars->of['x'] = zw_str_of(matches[match]);
  vars->of['U'] = zw_gen_format(g->gen, "ZW_STR(%.*s)", ZW_ARG(zw_c_literal_str(g, uri)));
  vars->of['u'] = match == ZW_MATCH_EXACT ? vars->of['U'] : ZW_STR("uri");
  if (match != ZW_MATCH_EXACT) vars->of['p'] = ZW_STR(", zw_str uri");
}

/* A URI may hold anything, also the end of a comment. */
static void heading(c_gen *g, zw_text *out, const char *what, zw_str uri, const zw_method *method) {
  zw_text_add(out, "\n", 1);
  zw_c_doc(out, zw_gen_format(g->gen, "---- %s %.*s ----", what, ZW_ARG(uri)), "");
  zw_text_add(out, "\n", 1);
  zw_c_doc(out, method->doc, "");
}

static void topic(c_gen *g, zw_text *out, const zw_topic_def *def) {
  zw_gen_vars vars;
  method_vars(g, def->service, def->method, def->uri, def->match, &vars);
  sent(g, def->type, "event", &vars);
  heading(g, out, "topic", def->uri, def->method);
  /* What a map tells is published by the store alone. */
  if (def->op == ZW_OP_NONE) zw_gen_emit(out, publish, &vars);
  zw_gen_emit(out, subscription, &vars);
  zw_gen_emit(out, is_void(g, def->type) ? on_empty_event : on_event, &vars);
  zw_gen_emit(out, subscribe, &vars);
}

static void procedure(c_gen *g, zw_text *out, const zw_procedure_def *def) {
  zw_gen_vars vars;
  bool stream = def->streaming == ZW_STREAM_SERVER || def->streaming == ZW_STREAM_BIDI;
  method_vars(g, def->service, def->method, def->uri, def->match, &vars);
  sent(g, def->request, "request", &vars);
  returned(g, def->response, &vars);
  if (stream)
    vars.of['E'] = ZW_STR(" && (seen.progress || result->payload->format != ZW_FORMAT_NONE)");
  vars.of['P'] = stream ? ZW_STR(", bool progress") : ZW_STR("");
  vars.of['g'] = stream ? ZW_STR("progress") : ZW_STR("false");
  heading(g, out, "procedure", def->uri, def->method);
  zw_gen_emit(out, pending, &vars);
  zw_gen_emit(out, is_void(g, def->response) ? on_empty_result : on_result, &vars);
  zw_gen_emit(out, stream ? call_stream_async : call_async, &vars);
  zw_gen_emit(out, stream ? call_stream : call, &vars);
  if (def->op != ZW_OP_NONE) return;
  zw_gen_emit(out, registration, &vars);
  zw_gen_emit(out, is_void(g, def->request) ? on_empty_invocation : on_invocation, &vars);
  zw_gen_emit(out, register_and_yield, &vars);
}

static bool is_own(const c_gen *g, const zw_service *service) {
  return service && g->gen->from.is_own(g->gen->from.ctx, service->name);
}

void zw_c_wamp(c_gen *g, zw_text *out) {
  const zw_model *model = g->gen->from.model;
  bool any = false;
  for (size_t i = 0; model && i < model->topic_count; i++)
    any = any || is_own(g, model->topics[i].service);
  for (size_t i = 0; model && i < model->procedure_count; i++)
    any = any || is_own(g, model->procedures[i].service);
  if (!any) return;
  zw_c_open(g, out, "WAMP", manual);
  zw_text_printf(out,
                 "#include \"zerowire/client.h\"\n\n#include \"%.*s_generated.h\"\n\n"
                 "#ifdef __cplusplus\nextern \"C\" {\n#endif\n",
                 ZW_ARG(g->gen->file));
  for (size_t i = 0; i < model->topic_count; i++)
    if (is_own(g, model->topics[i].service)) topic(g, out, &model->topics[i]);
  for (size_t i = 0; i < model->procedure_count; i++)
    if (is_own(g, model->procedures[i].service)) procedure(g, out, &model->procedures[i]);
  zw_c_close(out);
}
