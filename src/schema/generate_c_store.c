/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME_store.h: each map of the file as functions of its record's view and of a key struct, over
 * the typed functions of store.h. Variables: M the map's symbol, T its record's view, n its name, N
 * the file's, K the struct of a key, C how many fields it has, I the name of the index.
 */
#include "generate_c.h"

static const char manual[] =
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
    zw_str name = def->fields[i].name;
    char *text = zw_arena_get(&g->gen->arena, name.len + 1);
    if (!text) g->gen->no_memory = true;
    for (size_t k = 0; text && k < name.len; k++)
      text[k] = (char)(name.ptr[k] == '.' ? '_' : name.ptr[k]);
    out[i] = (zw_str){text, text ? name.len : 0};
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

static bool is_own(const c_gen *g, const zw_map_def *def) { return zw_c_type(g, def->type)->own; }

void zw_c_store(c_gen *g, zw_text *out) {
  const zw_model *model = g->gen->from.model;
  bool any = false;
  for (size_t i = 0; model && i < model->map_count; i++) any = any || is_own(g, &model->maps[i]);
  if (!any) return;
  zw_c_open(g, out, "STORE", manual);
  zw_text_printf(out,
                 "#include \"zerowire/store.h\"\n\n#include \"%.*s_generated.h\"\n\n"
                 "#ifdef __cplusplus\nextern \"C\" {\n#endif\n",
                 ZW_ARG(g->gen->file));
  for (size_t i = 0; i < model->map_count; i++)
    if (is_own(g, &model->maps[i])) map(g, out, &model->maps[i]);
  zw_c_close(out);
}
