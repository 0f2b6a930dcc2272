/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The 8 octets that end every stored value: u32 checksum, u16 schema version, u8 flags (0), u8 pad
 * (0), little-endian.
 *
 * The checksum is the low half of XXH3-64 over: the database number (u32), the trailer's own last 4
 * octets, the key, the padded value. So a value under another key, in another database or with
 * another version does not pass.
 */
#include "store_state.h"

#define GATHER_MAX 512

static uint32_t checksum(uint32_t database, const uint8_t last[4], MDB_val key,
                         const uint8_t *value, size_t len) {
  uint8_t gathered[GATHER_MAX];
  zw_store_le32(gathered, database);
  memcpy(gathered + 4, last, 4);
  /* One pass over a short copy is cheaper than the streaming form, and gives the same. */
  if (key.mv_size <= GATHER_MAX - 8 && len <= GATHER_MAX - 8 - key.mv_size) {
    memcpy(gathered + 8, key.mv_data, key.mv_size);
    if (len) memcpy(gathered + 8 + key.mv_size, value, len);
    return (uint32_t)zw_hash64(zw_span_of(gathered, 8 + key.mv_size + len));
  }
  zw_span parts[3] = {zw_span_of(gathered, 8), zw_span_of(key.mv_data, key.mv_size),
                      zw_span_of(value, len)};
  return (uint32_t)zw_hash64_parts(parts, 3);
}

void zw_trailer_write(uint32_t database, MDB_val key, uint8_t *value, size_t padded,
                      uint16_t version) {
  uint8_t *trailer = value + padded;
  zw_store_le16(trailer + 4, version);
  trailer[6] = trailer[7] = 0;
  zw_store_le32(trailer, checksum(database, trailer + 4, key, value, padded));
}

int zw_trailer_check(zw_store *store, uint32_t database, MDB_val key, MDB_val stored,
                     uint16_t *version) {
  if (stored.mv_size < TRAILER_SIZE || stored.mv_size % 8 != 0) return ZW_ECORRUPT;
  if (!zw_env_holds(store, key) || !zw_env_holds(store, stored)) return ZW_ECORRUPT;
  const uint8_t *value = stored.mv_data;
  size_t padded = stored.mv_size - TRAILER_SIZE;
  const uint8_t *trailer = value + padded;
  if (zw_load_le32(trailer) != checksum(database, trailer + 4, key, value, padded))
    return ZW_ECORRUPT;
  if (trailer[6] != 0) return ZW_ENOTSUP;
  if (version) *version = zw_load_le16(trailer + 4);
  return 0;
}

int zw_trailer_put(MDB_txn *txn, MDB_dbi dbi, uint32_t database, MDB_val key, zw_span value,
                   uint16_t version, unsigned flags) {
  size_t padded = zw_pad8(value.len);
  MDB_val page = {padded + TRAILER_SIZE, NULL};
  int code = mdb_put(txn, dbi, &key, &page, flags | MDB_RESERVE);
  if (code) return code;
  uint8_t *at = page.mv_data;
  if (value.len) memcpy(at, value.ptr, value.len);
  memset(at + value.len, 0, padded - value.len);
  zw_trailer_write(database, key, at, padded, version);
  return 0;
}
