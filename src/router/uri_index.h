/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From URIs and URI patterns to values: one value for each (match, URI). Finding what matches a URI
 * takes time by the URI's length and by what matches, never by how many patterns there are: exact
 * URIs stand in a hash table, prefixes in a radix tree by octets, wildcards in a tree by
 * components.
 */
#ifndef ZEROWIRE_ROUTER_URI_INDEX_H
#define ZEROWIRE_ROUTER_URI_INDEX_H

#include "zerowire/base.h"
#include "zerowire/model.h"

/* Patterns with more components are refused, so that the walk's depth is bounded. */
#define ZW_WILDCARD_COMPONENTS_MAX 64

typedef struct zw_uri_index {
  const zw_alloc *alloc;
  zw_hmap exact;
  struct zw_prefix_node *prefixes;
  struct zw_wild_node *wildcards;
  uint64_t seed; /* of its hash tables */
} zw_uri_index;

typedef void zw_uri_visit(void *ctx, void *value);

/* The seed is random where clients choose the URIs. */
void zw_uri_index_init(zw_uri_index *index, const zw_alloc *alloc, uint64_t seed);
void zw_uri_index_deinit(zw_uri_index *index); /* the values are the owner's */
/* `uri` is borrowed as long as the value stands in the index. There must be no value yet. */
int zw_uri_index_add(zw_uri_index *index, enum zw_match match, zw_str uri, void *value);
void *zw_uri_index_get(const zw_uri_index *index, enum zw_match match, zw_str uri);
void *zw_uri_index_remove(zw_uri_index *index, enum zw_match match, zw_str uri);
/* Visits every value whose pattern matches; the index must not change meanwhile. */
void zw_uri_index_match(const zw_uri_index *index, zw_str uri, zw_uri_visit *visit, void *ctx);
/* The most specific one: exact, else the longest prefix, else the wildcard with the longest literal
 * beginning. */
void *zw_uri_index_best(const zw_uri_index *index, zw_str uri);

/* Whether some URI matches both patterns; may say yes where a prefix meets a wildcard and there is
 * none. */
bool zw_uri_overlap(zw_str a, enum zw_match a_match, zw_str b, enum zw_match b_match);

#endif
