/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalog's records: key = kind (u8), three zeros, number (u32 big-endian); value = a table of
 * schemas/meta.fbs and a trailer. The number of a schema is its version, of a map its database's,
 * of a topic and a subscription their own.
 */
#include "store_state.h"

enum { FORMAT_FORMAT, FORMAT_PAGE_SIZE, FORMAT_PUBLICATION_KEY };
enum { SCHEMA_ADDED, SCHEMA_BFBS };
enum { INDEX_NAME, INDEX_CODEC, INDEX_NUMBER };
enum { MAP_NAME, MAP_CODEC, MAP_INDEXES };
enum { URI_URI, URI_MATCH };

static zw_ref build_indexes(zw_builder *b, const catalog_record *record) {
  zw_ref refs[256];
  if (record->index_count > sizeof refs / sizeof refs[0]) {
    b->error = ZW_ELIMIT;
    return 0;
  }
  for (size_t i = 0; i < record->index_count; i++) {
    const catalog_index *index = &record->indexes[i];
    zw_ref name = zw_builder_string(b, index->name), codec = zw_builder_string(b, index->codec);
    zw_builder_table_start(b);
    zw_builder_add_ref(b, INDEX_NAME, name);
    zw_builder_add_ref(b, INDEX_CODEC, codec);
    zw_builder_add_u32(b, INDEX_NUMBER, index->number, 0);
    refs[i] = zw_builder_table_end(b);
  }
  return zw_builder_refs(b, refs, record->index_count);
}

static zw_ref build_format(zw_builder *b, const catalog_record *record) {
  zw_builder_table_start(b);
  zw_builder_add_u32(b, FORMAT_FORMAT, record->format, 0);
  zw_builder_add_u32(b, FORMAT_PAGE_SIZE, record->page_size, 0);
  zw_builder_add_u64(b, FORMAT_PUBLICATION_KEY, record->publication_key, 0);
  return zw_builder_table_end(b);
}

static zw_ref build_schema(zw_builder *b, const catalog_record *record) {
  zw_ref bfbs = zw_builder_vector(b, record->bfbs.ptr, record->bfbs.len, 1, 8);
  zw_builder_table_start(b);
  zw_builder_add_i64(b, SCHEMA_ADDED, record->added, 0);
  zw_builder_add_ref(b, SCHEMA_BFBS, bfbs);
  return zw_builder_table_end(b);
}

static zw_ref build_map(zw_builder *b, const catalog_record *record) {
  zw_ref indexes = build_indexes(b, record);
  zw_ref name = zw_builder_string(b, record->name), codec = zw_builder_string(b, record->codec);
  zw_builder_table_start(b);
  zw_builder_add_ref(b, MAP_NAME, name);
  zw_builder_add_ref(b, MAP_CODEC, codec);
  zw_builder_add_ref(b, MAP_INDEXES, indexes);
  return zw_builder_table_end(b);
}

static zw_ref build_uri(zw_builder *b, const catalog_record *record) {
  zw_ref uri = zw_builder_string(b, record->name);
  zw_builder_table_start(b);
  zw_builder_add_ref(b, URI_URI, uri);
  zw_builder_add_u8(b, URI_MATCH, (uint8_t)record->match, 0);
  return zw_builder_table_end(b);
}

static zw_ref build(zw_builder *b, const catalog_record *record) {
  switch (record->kind) {
    case CATALOG_FORMAT: return build_format(b, record);
    case CATALOG_SCHEMA: return build_schema(b, record);
    case CATALOG_MAP: return build_map(b, record);
    default: return build_uri(b, record);
  }
}

int zw_catalog_write(zw_store *store, MDB_txn *txn, const catalog_record *record) {
  zw_builder b;
  zw_span bytes;
  uint8_t octets[CATALOG_KEY_SIZE] = {(uint8_t)record->kind};
  zw_store_be32(octets + 4, record->number);
  zw_builder_init(&b, store->alloc);
  zw_ref root = build(&b, record);
  int error = zw_builder_finish(&b, root, (zw_str){NULL, 0}, &bytes);
  int code = 0;
  if (!error)
    code = zw_trailer_put(txn, store->catalog, DB_CATALOG, (MDB_val){sizeof octets, octets}, bytes,
                          0, 0);
  zw_builder_deinit(&b);
  return error ? error : code ? zw_store_error(NULL, code, "") : 0;
}

catalog_index zw_catalog_index_at(const catalog_record *record, size_t i) {
  if (record->indexes) return record->indexes[i];
  zw_table t = zw_vec_table(record->index_vec, i);
  return (catalog_index){zw_table_str(t, INDEX_NAME), zw_table_str(t, INDEX_CODEC),
                         zw_table_u32(t, INDEX_NUMBER, 0)};
}

static void read_map(zw_table t, catalog_record *out) {
  out->name = zw_table_str(t, MAP_NAME);
  out->codec = zw_table_str(t, MAP_CODEC);
  out->index_vec = zw_table_vec(t, MAP_INDEXES);
  out->index_count = out->index_vec.buf ? out->index_vec.count : 0;
}

/* What is read points into the value. */
int zw_catalog_read(const zw_store *store, MDB_val key, MDB_val value, catalog_record *out) {
  (void)store;
  if (key.mv_size != CATALOG_KEY_SIZE || zw_trailer_check(DB_CATALOG, key, value, NULL))
    return ZW_ECORRUPT;
  const uint8_t *k = key.mv_data;
  zw_table t = zw_root_trusted(zw_span_of(value.mv_data, value.mv_size - TRAILER_SIZE));
  *out = (catalog_record){.kind = (enum catalog_kind)k[0], .number = zw_load_be32(k + 4)};
  switch (out->kind) {
    case CATALOG_FORMAT:
      out->format = zw_table_u32(t, FORMAT_FORMAT, 0);
      out->page_size = zw_table_u32(t, FORMAT_PAGE_SIZE, 0);
      out->publication_key = zw_table_u64(t, FORMAT_PUBLICATION_KEY, 0);
      return 0;
    case CATALOG_SCHEMA:
      out->added = zw_table_i64(t, SCHEMA_ADDED, 0);
      out->bfbs = zw_vec_bytes(zw_table_vec(t, SCHEMA_BFBS));
      return 0;
    case CATALOG_MAP: read_map(t, out); return 0;
    case CATALOG_TOPIC:
    case CATALOG_SUBSCRIPTION:
      out->name = zw_table_str(t, URI_URI);
      out->match = (enum zw_match)zw_table_u8(t, URI_MATCH, 0);
      return 0;
  }
  return ZW_EVERSION;
}
