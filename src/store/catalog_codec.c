/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalog's records: key = kind (u8), three zeros, number (u32 big-endian); value = a table of
 * schemas/meta.fbs and a trailer. The number of a schema is its version, of a map its database's,
 * of a topic and a subscription their own.
 */
#include "meta_generated.h"
#include "store_state.h"

static zw_ref build_indexes(zw_builder *b, const catalog_record *record) {
  zw_ref refs[256];
  if (record->index_count > sizeof refs / sizeof refs[0]) {
    zw_builder_fail(b, ZW_ELIMIT);
    return 0;
  }
  for (size_t i = 0; i < record->index_count; i++) {
    const catalog_index *index = &record->indexes[i];
    zw_ref name = zw_builder_string(b, index->name), codec = zw_builder_string(b, index->codec);
    zw_CatalogIndex_start(b);
    zw_builder_add_ref(b, zw_CatalogIndex_ID_name, name);
    zw_builder_add_ref(b, zw_CatalogIndex_ID_codec, codec);
    zw_CatalogIndex_add_number(b, index->number);
    refs[i] = zw_CatalogIndex_end(b);
  }
  return zw_builder_refs(b, refs, record->index_count);
}

static zw_ref build_format(zw_builder *b, const catalog_record *record) {
  zw_StoreFormat_start(b);
  zw_StoreFormat_add_format(b, record->format);
  zw_StoreFormat_add_page_size(b, record->page_size);
  zw_StoreFormat_add_publication_key(b, record->publication_key);
  return zw_StoreFormat_end(b);
}

static zw_ref build_schema(zw_builder *b, const catalog_record *record) {
  zw_ref bfbs = zw_builder_vector(b, record->bfbs.ptr, record->bfbs.len, 1, 8);
  zw_CatalogSchema_start(b);
  zw_CatalogSchema_add_added(b, record->added);
  zw_builder_add_ref(b, zw_CatalogSchema_ID_bfbs, bfbs);
  return zw_CatalogSchema_end(b);
}

static zw_ref build_map(zw_builder *b, const catalog_record *record) {
  zw_ref indexes = build_indexes(b, record);
  zw_ref name = zw_builder_string(b, record->name), codec = zw_builder_string(b, record->codec);
  zw_CatalogMap_start(b);
  zw_builder_add_ref(b, zw_CatalogMap_ID_name, name);
  zw_builder_add_ref(b, zw_CatalogMap_ID_codec, codec);
  zw_builder_add_ref(b, zw_CatalogMap_ID_indexes, indexes);
  return zw_CatalogMap_end(b);
}

static zw_ref build_uri(zw_builder *b, const catalog_record *record) {
  zw_ref uri = zw_builder_string(b, record->name);
  zw_CatalogUri_start(b);
  zw_builder_add_ref(b, zw_CatalogUri_ID_uri, uri);
  zw_CatalogUri_add_match(b, (uint8_t)record->match);
  return zw_CatalogUri_end(b);
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
  zw_CatalogIndex index = zw_CatalogMap_indexes_at(record->index_vec, i);
  return (catalog_index){zw_CatalogIndex_name(index), zw_CatalogIndex_codec(index),
                         zw_CatalogIndex_number(index)};
}

static void read_format(zw_StoreFormat format, catalog_record *out) {
  out->format = zw_StoreFormat_format(format);
  out->page_size = zw_StoreFormat_page_size(format);
  out->publication_key = zw_StoreFormat_publication_key(format);
}

static void read_schema(zw_CatalogSchema schema, catalog_record *out) {
  out->added = zw_CatalogSchema_added(schema);
  out->bfbs = zw_CatalogSchema_bfbs(schema);
}

static void read_map(zw_CatalogMap map, catalog_record *out) {
  out->name = zw_CatalogMap_name(map);
  out->codec = zw_CatalogMap_codec(map);
  out->index_vec = zw_CatalogMap_indexes(map);
  out->index_count = out->index_vec.ptr ? out->index_vec.count : 0;
}

static void read_uri(zw_CatalogUri uri, catalog_record *out) {
  out->name = zw_CatalogUri_uri(uri);
  out->match = (enum zw_match)zw_CatalogUri_match(uri);
}

/* What is read points into the value. */
int zw_catalog_read(zw_store *store, MDB_val key, MDB_val value, catalog_record *out) {
  if (key.mv_size != CATALOG_KEY_SIZE || zw_trailer_check(store, DB_CATALOG, key, value, NULL))
    return ZW_ECORRUPT;
  const uint8_t *k = key.mv_data;
  zw_span bytes = zw_span_of(value.mv_data, value.mv_size - TRAILER_SIZE);
  *out = (catalog_record){.kind = (enum catalog_kind)k[0], .number = zw_load_be32(k + 4)};
  switch (out->kind) {
    case CATALOG_FORMAT: read_format(zw_StoreFormat_as_root(bytes), out); return 0;
    case CATALOG_SCHEMA: read_schema(zw_CatalogSchema_as_root(bytes), out); return 0;
    case CATALOG_MAP: read_map(zw_CatalogMap_as_root(bytes), out); return 0;
    case CATALOG_TOPIC:
    case CATALOG_SUBSCRIPTION: read_uri(zw_CatalogUri_as_root(bytes), out); return 0;
  }
  return ZW_EVERSION;
}
