/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of URIs and patterns.
 *
 * Prefix tree: a node holds the octets that lead to it from its parent; siblings differ in the
 * first octet. Adding splits a node where texts part; removing frees nodes that carry neither a
 * value nor children.
 *
 * Wildcard tree: a level is a component; a node's children are found by hash, the empty component
 * (which matches any) stands apart. A URI is followed along both, the literal one first, so that
 * the first value found is the most specific.
 */
#include "uri_index.h"

typedef struct zw_prefix_node {
  struct zw_prefix_node *parent, *child, *sibling;
  void *value;
  size_t len;
  char label[];
} zw_prefix_node;

typedef struct zw_wild_node {
  struct zw_wild_node *parent, *any;
  zw_hmap children;
  void *value;
  size_t len;
  char label[];
} zw_wild_node;

/* ---- prefixes --------------------------------------------------------------------------- */

static zw_prefix_node *prefix_node(const zw_alloc *alloc, const char *label, size_t len) {
  zw_prefix_node *node = zw_alloc_zero(alloc, sizeof *node + len);
  if (!node) return NULL;
  node->len = len;
  if (len) memcpy(node->label, label, len);
  return node;
}

static void prefix_free(const zw_alloc *alloc, zw_prefix_node *node) {
  zw_alloc_free(alloc, node, sizeof *node + node->len);
}

static zw_prefix_node **prefix_child(zw_prefix_node *node, char first) {
  zw_prefix_node **at = &node->child;
  while (*at && (*at)->label[0] != first) at = &(*at)->sibling;
  return at;
}

static size_t common(const char *a, size_t a_len, const char *b, size_t b_len) {
  size_t i = 0, end = a_len < b_len ? a_len : b_len;
  while (i < end && a[i] == b[i]) i++;
  return i;
}

/* Parts *at after `keep` octets; the new upper half takes its place. */
static zw_prefix_node *prefix_split(const zw_alloc *alloc, zw_prefix_node **at, size_t keep) {
  zw_prefix_node *old = *at;
  zw_prefix_node *upper = prefix_node(alloc, old->label, keep);
  zw_prefix_node *lower = prefix_node(alloc, old->label + keep, old->len - keep);
  if (!upper || !lower) {
    if (upper) prefix_free(alloc, upper);
    if (lower) prefix_free(alloc, lower);
    return NULL;
  }
  upper->parent = old->parent;
  upper->sibling = old->sibling;
  upper->child = lower;
  lower->parent = upper;
  lower->child = old->child;
  lower->value = old->value;
  for (zw_prefix_node *c = lower->child; c; c = c->sibling) c->parent = lower;
  *at = upper;
  prefix_free(alloc, old);
  return upper;
}

static int prefix_add(zw_uri_index *index, zw_str uri, void *value) {
  if (!index->prefixes && !(index->prefixes = prefix_node(index->alloc, NULL, 0))) return ZW_ENOMEM;
  zw_prefix_node *node = index->prefixes;
  size_t done = 0;
  while (done < uri.len) {
    zw_prefix_node **at = prefix_child(node, uri.ptr[done]);
    if (!*at) {
      zw_prefix_node *leaf = prefix_node(index->alloc, uri.ptr + done, uri.len - done);
      if (!leaf) return ZW_ENOMEM;
      leaf->parent = node;
      *at = leaf;
      node = leaf;
      break;
    }
    size_t same = common((*at)->label, (*at)->len, uri.ptr + done, uri.len - done);
    node = same == (*at)->len ? *at : prefix_split(index->alloc, at, same);
    if (!node) return ZW_ENOMEM;
    done += same;
  }
  node->value = value;
  return 0;
}

/* Follows `uri` down; gives the last node whose whole text is a prefix of it, and how much that is.
 */
static zw_prefix_node *prefix_step(zw_prefix_node *node, zw_str uri, size_t *done) {
  if (*done == uri.len) return NULL;
  zw_prefix_node *child = *prefix_child(node, uri.ptr[*done]);
  if (!child || child->len > uri.len - *done ||
      memcmp(child->label, uri.ptr + *done, child->len) != 0)
    return NULL;
  *done += child->len;
  return child;
}

static zw_prefix_node *prefix_find(const zw_uri_index *index, zw_str uri) {
  size_t done = 0;
  zw_prefix_node *node = index->prefixes;
  while (node && done < uri.len) node = prefix_step(node, uri, &done);
  return node;
}

static void prefix_prune(zw_uri_index *index, zw_prefix_node *node) {
  while (node && !node->value && !node->child) {
    zw_prefix_node *parent = node->parent;
    if (parent) {
      zw_prefix_node **at = prefix_child(parent, node->label[0]);
      *at = node->sibling;
    } else {
      index->prefixes = NULL;
    }
    prefix_free(index->alloc, node);
    node = parent;
  }
}

static void prefix_destroy(const zw_alloc *alloc, zw_prefix_node *node) {
  while (node) {
    if (node->child) {
      node = node->child;
      continue;
    }
    zw_prefix_node *next = node->sibling ? node->sibling : node->parent;
    if (next && next == node->parent) next->child = NULL;
    prefix_free(alloc, node);
    node = next;
  }
}

/* ---- wildcards -------------------------------------------------------------------------- */

/* The component that begins at *at, which moves behind it and its dot; false past the last one. */
static bool next_component(zw_str uri, size_t *at, zw_str *component) {
  if (*at > uri.len) return false;
  const char *begin = uri.ptr + *at;
  const char *dot = uri.len > *at ? memchr(begin, '.', uri.len - *at) : NULL;
  *component = (zw_str){begin, dot ? (size_t)(dot - begin) : uri.len - *at};
  *at += component->len + 1;
  return true;
}

static zw_wild_node *wild_node(const zw_uri_index *index, zw_str label) {
  zw_wild_node *node = zw_alloc_zero(index->alloc, sizeof *node + label.len);
  if (!node) return NULL;
  zw_hmap_init(&node->children, index->alloc);
  node->children.seed = index->seed;
  node->len = label.len;
  if (label.len) memcpy(node->label, label.ptr, label.len);
  return node;
}

static void wild_free(const zw_alloc *alloc, zw_wild_node *node) {
  zw_hmap_deinit(&node->children);
  zw_alloc_free(alloc, node, sizeof *node + node->len);
}

static zw_wild_node *wild_child(const zw_wild_node *node, zw_str component) {
  return component.len ? zw_hmap_get(&node->children, zw_str_span(component)) : node->any;
}

static zw_wild_node *wild_make(zw_uri_index *index, zw_wild_node *parent, zw_str component) {
  zw_wild_node *node = wild_node(index, component);
  if (!node) return NULL;
  node->parent = parent;
  if (!component.len) {
    parent->any = node;
  } else if (zw_hmap_set(&parent->children, zw_span_of(node->label, node->len), node, NULL)) {
    wild_free(index->alloc, node);
    return NULL;
  }
  return node;
}

static void wild_prune(zw_uri_index *index, zw_wild_node *node) {
  while (node && !node->value && !node->any && !node->children.count) {
    zw_wild_node *parent = node->parent;
    if (!parent) {
      index->wildcards = NULL;
    } else if (parent->any == node) {
      parent->any = NULL;
    } else {
      zw_hmap_remove(&parent->children, zw_span_of(node->label, node->len));
    }
    wild_free(index->alloc, node);
    node = parent;
  }
}

static int wild_add(zw_uri_index *index, zw_str uri, void *value) {
  if (!index->wildcards && !(index->wildcards = wild_node(index, ZW_STR("")))) return ZW_ENOMEM;
  zw_wild_node *node = index->wildcards;
  zw_str component;
  size_t at = 0, depth = 0;
  while (next_component(uri, &at, &component)) {
    zw_wild_node *child = wild_child(node, component);
    if (!child && ++depth <= ZW_WILDCARD_COMPONENTS_MAX) child = wild_make(index, node, component);
    if (!child) {
      wild_prune(index, node);
      return depth > ZW_WILDCARD_COMPONENTS_MAX ? ZW_ELIMIT : ZW_ENOMEM;
    }
    node = child;
  }
  node->value = value;
  return 0;
}

static zw_wild_node *wild_find(const zw_uri_index *index, zw_str uri) {
  zw_wild_node *node = index->wildcards;
  zw_str component;
  size_t at = 0;
  while (node && next_component(uri, &at, &component)) node = wild_child(node, component);
  return node;
}

/* Depth is that of the tree, not of the URI. Returns the first value where `visit` is NULL. */
static void *wild_walk(const zw_wild_node *node, zw_str uri, size_t at, zw_uri_visit *visit,
                       void *ctx) {
  zw_str component;
  if (!next_component(uri, &at, &component)) {
    if (node->value && visit) visit(ctx, node->value);
    return visit ? NULL : node->value;
  }
  zw_wild_node *literal = component.len ? wild_child(node, component) : NULL;
  void *found = literal ? wild_walk(literal, uri, at, visit, ctx) : NULL;
  if (!found && node->any) found = wild_walk(node->any, uri, at, visit, ctx);
  return found;
}

static void wild_destroy(const zw_alloc *alloc, zw_wild_node *node) {
  if (!node) return;
  wild_destroy(alloc, node->any);
  zw_wild_node *child;
  for (size_t i = 0; (child = zw_hmap_next(&node->children, &i));) wild_destroy(alloc, child);
  wild_free(alloc, node);
}

/* ---- the index -------------------------------------------------------------------------- */

void zw_uri_index_init(zw_uri_index *index, const zw_alloc *alloc, uint64_t seed) {
  *index = (zw_uri_index){.alloc = alloc, .seed = seed};
  zw_hmap_init(&index->exact, alloc);
  index->exact.seed = seed;
}

void zw_uri_index_deinit(zw_uri_index *index) {
  zw_hmap_deinit(&index->exact);
  prefix_destroy(index->alloc, index->prefixes);
  wild_destroy(index->alloc, index->wildcards);
  index->prefixes = NULL;
  index->wildcards = NULL;
}

int zw_uri_index_add(zw_uri_index *index, enum zw_match match, zw_str uri, void *value) {
  switch (match) {
    case ZW_MATCH_EXACT: return zw_hmap_set(&index->exact, zw_str_span(uri), value, NULL);
    case ZW_MATCH_PREFIX: return prefix_add(index, uri, value);
    case ZW_MATCH_WILDCARD: return wild_add(index, uri, value);
  }
  return ZW_EINVAL;
}

void *zw_uri_index_get(const zw_uri_index *index, enum zw_match match, zw_str uri) {
  if (match == ZW_MATCH_EXACT) return zw_hmap_get(&index->exact, zw_str_span(uri));
  if (match == ZW_MATCH_PREFIX) {
    zw_prefix_node *node = prefix_find(index, uri);
    return node ? node->value : NULL;
  }
  zw_wild_node *node = wild_find(index, uri);
  return node ? node->value : NULL;
}

void *zw_uri_index_remove(zw_uri_index *index, enum zw_match match, zw_str uri) {
  void *value = NULL;
  if (match == ZW_MATCH_EXACT) return zw_hmap_remove(&index->exact, zw_str_span(uri));
  if (match == ZW_MATCH_PREFIX) {
    zw_prefix_node *node = prefix_find(index, uri);
    if (node) {
      value = node->value;
      node->value = NULL;
      prefix_prune(index, node);
    }
    return value;
  }
  zw_wild_node *node = wild_find(index, uri);
  if (node) {
    value = node->value;
    node->value = NULL;
    wild_prune(index, node);
  }
  return value;
}

void zw_uri_index_match(const zw_uri_index *index, zw_str uri, zw_uri_visit *visit, void *ctx) {
  void *exact = zw_hmap_get(&index->exact, zw_str_span(uri));
  if (exact) visit(ctx, exact);
  size_t done = 0;
  for (zw_prefix_node *n = index->prefixes; n; n = prefix_step(n, uri, &done))
    if (n->value) visit(ctx, n->value);
  if (index->wildcards) wild_walk(index->wildcards, uri, 0, visit, ctx);
}

void *zw_uri_index_best(const zw_uri_index *index, zw_str uri) {
  void *best = zw_hmap_get(&index->exact, zw_str_span(uri));
  if (best) return best;
  size_t done = 0;
  for (zw_prefix_node *n = index->prefixes; n; n = prefix_step(n, uri, &done))
    if (n->value) best = n->value;
  if (best || !index->wildcards) return best;
  return wild_walk(index->wildcards, uri, 0, NULL, NULL);
}

/* ---- overlap ------------------------------------------------------------------------------ */

static bool starts_with(zw_str text, zw_str prefix) {
  return text.len >= prefix.len && (!prefix.len || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

static bool wildcards_overlap(zw_str a, zw_str b) {
  size_t i = 0, j = 0;
  zw_str x, y;
  for (;;) {
    bool more_a = next_component(a, &i, &x), more_b = next_component(b, &j, &y);
    if (!more_a || !more_b) return more_a == more_b;
    if (x.len && y.len && !zw_str_eq(x, y)) return false;
  }
}

/* Compares the literal beginnings only: what lies behind may or may not meet. */
static bool prefix_meets_wildcard(zw_str prefix, zw_str wildcard) {
  size_t i = 0, j = 0;
  zw_str p, w;
  while (next_component(prefix, &i, &p)) {
    if (!next_component(wildcard, &j, &w)) return false;
    bool last = i > prefix.len;
    if (w.len && (last ? !starts_with(w, p) : !zw_str_eq(w, p))) return false;
  }
  return true;
}

bool zw_uri_overlap(zw_str a, enum zw_match a_match, zw_str b, enum zw_match b_match) {
  if (a_match > b_match) return zw_uri_overlap(b, b_match, a, a_match);
  if (a_match == ZW_MATCH_EXACT) {
    if (b_match == ZW_MATCH_EXACT) return zw_str_eq(a, b);
    return b_match == ZW_MATCH_PREFIX ? starts_with(a, b) : wildcards_overlap(a, b);
  }
  if (b_match == ZW_MATCH_PREFIX) return starts_with(a, b) || starts_with(b, a);
  return a_match == ZW_MATCH_PREFIX ? prefix_meets_wildcard(a, b) : wildcards_overlap(a, b);
}
