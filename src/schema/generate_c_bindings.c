/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generated C over the store and the router.
 *
 * NAME_store.h: each map of the file as functions of its record's view and of a key struct, over
 * the typed functions of store.h. Variables: M the map's symbol, T its record's view, n its name, N
 * the file's, K the struct of a key, C how many fields it has, I the name of the index.
 *
 * NAME_wamp.h: each topic and procedure of the file as functions of views, over the typed functions
 * of client.h. Variables: Q the method's symbol, N the file's; u the URI and p a parameter for it,
 * where it is a pattern; of what is sent: A its parameter, a its table, Y its descriptor, V its
 * type; of what comes back: R its type, y its descriptor, B the parameters that take it, r and o
 * what they are to the library. What is Void has no parameter. x is how the URI matches.
 */
#include "generate_c.h"

static void open(c_gen *g, zw_text *out, const char *part, const char *manual, const char *over) {
  zw_c_open(g, out, part, manual);
  zw_text_printf(out,
                 "#include \"zerowire/%s.h\"\n\n#include \"%.*s_generated.h\"\n\n"
                 "#ifdef __cplusplus\nextern \"C\" {\n#endif\n",
                 over, ZW_ARG(g->gen->file));
}

/* ---- maps ---- */

static const char store_manual[] =
    " * Maps M of records X, over store.h. Views live as long as their transaction.\n"
    " *   M_open(store, &diag)                          once: whether this code fits the store\n"
    " *   M_get(txn, (M_key){…}, &x)                    ZW_ENOTFOUND\n"
    " *   M_put, M_insert(txn, x, &diag)                x is the root of its buffer: packed, "
    "verified\n"
    " *   M_delete(txn, key, &diag)  M_count(txn, &n)\n"
    " *   zw_cursor c;  M_scan(&c, txn, &from, &to, reverse);  while (!M_next(&c, &x)) …\n"
    " *   zw_cursor_deinit(&c)                          NULL: no bound; both bounds are inclusive\n"
    " *   M_scan_prefix(&c, txn, &key, n, reverse)      those that have the first n fields of the "
    "key\n"
    " *   M_by_INDEX, M_by_INDEX_prefix                 the same in the order of an index\n";

static const char map_family[] =
    "_open\0_get\0_put\0_insert\0_delete\0_count\0_next\0_scan\0_scan_prefix\0_key\0_key_values\0";

static const char map_functions[] =
    "static inline int $M_open(zw_store *store, zw_diag *diag) {\n  zw_map *map;\n"
    "  return zw_store_map_stamped(store, ZW_STR($n), &$N_stamp, &map, diag);\n}\n"
    "static inline int $M_get(zw_txn *txn, $K key, $T *out) {\n"
    "  zw_key_value values[$C];\n  $K_values(&key, values);\n"
    "  return zw_typed_get(txn, ZW_STR($n), &$N_stamp, values, $C, &out->t);\n}\n"
    "static inline int $M_put(zw_txn *txn, $T record, zw_diag *diag) {\n"
    "  return zw_typed_put(txn, ZW_STR($n), &$N_stamp, record.t, false, diag);\n}\n"
    "static inline int $M_insert(zw_txn *txn, $T record, zw_diag *diag) {\n"
    "  return zw_typed_put(txn, ZW_STR($n), &$N_stamp, record.t, true, diag);\n}\n"
    "static inline int $M_delete(zw_txn *txn, $K key, zw_diag *diag) {\n"
    "  zw_key_value values[$C];\n  $K_values(&key, values);\n"
    "  return zw_typed_delete(txn, ZW_STR($n), &$N_stamp, values, $C, diag);\n}\n"
    "static inline int $M_count(zw_txn *txn, uint64_t *count) {\n"
    "  return zw_typed_count(txn, ZW_STR($n), &$N_stamp, count);\n}\n"
    "static inline int $M_next(zw_cursor *cursor, $T *out) {\n"
    "  return zw_typed_next(cursor, &out->t);\n}\n";

static const char scan_functions[] =
    "static inline int $M_$S(zw_cursor *cursor, zw_txn *txn, const $K *from, const $K *to, "
    "bool reverse) {\n  zw_key_value low[$C], high[$C];\n"
    "  if (from) $K_values(from, low);\n  if (to) $K_values(to, high);\n"
    "  return zw_typed_scan(cursor, txn, ZW_STR($n), &$N_stamp, $I, from ? low : NULL, from ? $C : "
    "0,\n"
    "                       to ? high : NULL, to ? $C : 0, reverse);\n}\n"
    "static inline int $M_$S_prefix(zw_cursor *cursor, zw_txn *txn, const $K *key, size_t fields, "
    "bool reverse) {\n  zw_key_value values[$C];\n  $K_values(key, values);\n"
    "  return zw_typed_scan(cursor, txn, ZW_STR($n), &$N_stamp, $I, values, fields, values, "
    "fields, reverse);\n}\n";

static const char get_by[] =
    "static inline int $M_get_$S(zw_txn *txn, $K key, $T *out) {\n"
    "  zw_cursor cursor;\n  int error = $M_$S(&cursor, txn, &key, &key, false);\n"
    "  if (error) return error;\n  error = $M_next(&cursor, out);\n"
    "  zw_cursor_deinit(&cursor);\n  return error;\n}\n";

/* Whether member i is a keyword, or named like one before it. */
static bool is_taken(const zw_str *members, unsigned i) {
  for (unsigned k = 0; k < i; k++)
    if (zw_str_eq(members[k], members[i])) return true;
  return zw_c_is_keyword(members[i]);
}

/* The members of a key's struct: "a.b" is a_b, and a second a_b is a_b_. */
static void key_members(c_gen *g, const zw_key_def *def, zw_str out[ZW_KEY_FIELDS_MAX]) {
  for (unsigned i = 0; i < def->field_count; i++) {
    out[i] = zw_gen_identifier(g->gen, def->fields[i].name);
    while (is_taken(out, i) && !g->gen->no_memory)
      out[i] = zw_gen_format(g->gen, "%.*s_", ZW_ARG(out[i]));
  }
}

/* What a key field is in C, and the function of store.h that makes a value of it. */
static void field_of_key(c_gen *g, const zw_key_field *key, zw_gen_vars *vars) {
  const zw_field *field = key->path[key->depth - 1];
  unsigned base = field->base == ZW_T_VECTOR && key->each ? field->element : field->base;
  const c_base *names = &zw_c_bases[base];
  vars->of['b'] = zw_str_of(names->name);
  if (zw_base_is_scalar(base)) {
    vars->of['c'] = field->enum_type ? zw_c_enum(g, field->enum_type)->symbol : zw_str_of(names->c);
    vars->of['F'] = zw_str_of(names->member == 'd'   ? "real"
                              : names->member == 'u' ? "uint"
                                                     : "int");
  } else {
    vars->of['c'] = base == ZW_T_STRING ? ZW_STR("zw_str") : ZW_STR("zw_span");
    vars->of['F'] = base == ZW_T_STRING ? ZW_STR("text") : ZW_STR("octets");
    if (base != ZW_T_VECTOR && base != ZW_T_STRING) vars->of['b'] = ZW_STR("ZW_T_OBJ");
  }
}

static void key_struct(c_gen *g, zw_text *out, const zw_key_def *def, zw_gen_vars *vars) {
  zw_str members[ZW_KEY_FIELDS_MAX];
  key_members(g, def, members);
  zw_gen_emit(out, "typedef struct $K {\n", vars);
  for (unsigned i = 0; i < def->field_count; i++) {
    field_of_key(g, &def->fields[i], vars);
    vars->of['m'] = members[i];
    zw_gen_emit(out, "  $c $m;\n", vars);
  }
  zw_gen_emit(out, "} $K;\nstatic inline void $K_values(const $K *key, zw_key_value *values) {\n",
              vars);
  for (unsigned i = 0; i < def->field_count; i++) {
    field_of_key(g, &def->fields[i], vars);
    vars->of['m'] = members[i];
    vars->of['i'] = zw_gen_format(g->gen, "%u", i);
    zw_gen_emit(out, "  values[$i] = zw_key_of_$F($b, key->$m);\n", vars);
  }
  zw_text_printf(out, "}\n");
}

static void index_functions(c_gen *g, zw_text *out, const zw_key_def *def, zw_gen_vars *vars) {
  zw_str map = vars->of['M'];
  zw_str symbol =
      zw_c_take_family(g, zw_gen_format(g->gen, "%.*s_by_%.*s", ZW_ARG(map), ZW_ARG(def->name)),
                       "_prefix\0_key\0_key_values\0");
  if (!symbol.ptr) return;
  vars->of['S'] = (zw_str){symbol.ptr + map.len + 1, symbol.len - map.len - 1};
  vars->of['K'] = zw_gen_format(g->gen, "%.*s_key", ZW_ARG(symbol));
  vars->of['C'] = zw_gen_format(g->gen, "%u", def->field_count);
  vars->of['I'] = zw_gen_format(g->gen, "ZW_STR(\"%.*s\")", ZW_ARG(def->name));
  zw_text_add(out, "\n", 1);
  key_struct(g, out, def, vars);
  zw_gen_emit(out, scan_functions, vars);
  if (def->unique) zw_gen_emit(out, get_by, vars);
}

static void map(c_gen *g, zw_text *out, const zw_map_def *def) {
  zw_gen_vars vars = {0};
  zw_str space = zw_c_space(g, def->type->name);
  vars.of['M'] = zw_c_take_family(
      g, zw_gen_format(g->gen, "%.*s%.*s", ZW_ARG(space), ZW_ARG(def->name)), map_family);
  vars.of['K'] = zw_gen_format(g->gen, "%.*s_key", ZW_ARG(vars.of['M']));
  vars.of['T'] = zw_c_type(g, def->type)->symbol;
  vars.of['N'] = g->name;
  vars.of['n'] = zw_c_literal_str(g, def->name);
  vars.of['C'] = zw_gen_format(g->gen, "%u", def->primary.field_count);
  vars.of['S'] = ZW_STR("scan");
  vars.of['I'] = ZW_STR("zw_str_of(NULL)");
  zw_text_printf(out, "\n/* ---- map %.*s of %.*s ---- */\n\n", ZW_ARG(def->name),
                 ZW_ARG(def->type->name));
  key_struct(g, out, &def->primary, &vars);
  zw_gen_emit(out, map_functions, &vars);
  zw_gen_emit(out, scan_functions, &vars);
  for (size_t i = 0; i < def->index_count; i++) index_functions(g, out, &def->indexes[i], &vars);
}

static bool is_own_map(const c_gen *g, const zw_map_def *def) {
  return zw_c_type(g, def->type)->own;
}

void zw_c_store(c_gen *g, zw_text *out) {
  const zw_model *model = g->gen->from.model;
  bool any = false;
  for (size_t i = 0; model && i < model->map_count; i++)
    any = any || is_own_map(g, &model->maps[i]);
  if (!any) return;
  open(g, out, "STORE", store_manual, "store");
  for (size_t i = 0; i < model->map_count; i++)
    if (is_own_map(g, &model->maps[i])) map(g, out, &model->maps[i]);
  zw_c_close(out);
}

/* ---- topics and procedures ---- */

static const char wamp_manual[] =
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

static bool is_own_service(const c_gen *g, const zw_service *service) {
  return service && g->gen->from.is_own(g->gen->from.ctx, service->name);
}

void zw_c_wamp(c_gen *g, zw_text *out) {
  const zw_model *model = g->gen->from.model;
  bool any = false;
  for (size_t i = 0; model && i < model->topic_count; i++)
    any = any || is_own_service(g, model->topics[i].service);
  for (size_t i = 0; model && i < model->procedure_count; i++)
    any = any || is_own_service(g, model->procedures[i].service);
  if (!any) return;
  open(g, out, "WAMP", wamp_manual, "client");
  for (size_t i = 0; i < model->topic_count; i++)
    if (is_own_service(g, model->topics[i].service)) topic(g, out, &model->topics[i]);
  for (size_t i = 0; i < model->procedure_count; i++)
    if (is_own_service(g, model->procedures[i].service)) procedure(g, out, &model->procedures[i]);
  zw_c_close(out);
}
