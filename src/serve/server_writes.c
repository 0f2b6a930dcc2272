/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the router gives the store: events and records, on their way through the writer thread. A
 * write refers to its octets' owner until it comes back; structs of writes are used again.
 */
#include "server_state.h"

/* ---- structs ---- */

static zw_server_write *take(zw_server *s, enum zw_write_kind kind, zw_buf *owner, void *token) {
  zw_server_write *w = s->free_writes;
  if (w)
    s->free_writes = w->next;
  else
    w = zw_alloc_zero(s->alloc, sizeof *w);
  if (!w) return NULL;
  w->write.kind = kind;
  w->write.then = NULL;
  w->write.owner = zw_buf_ref(owner);
  w->token = token;
  return w;
}

static void give_back(zw_server *s, zw_server_write *w) {
  zw_buf_unref(w->write.owner);
  zw_alloc_free(s->alloc, w->texts, w->text_count * sizeof *w->texts);
  w->texts = NULL;
  w->text_count = 0;
  w->next = s->free_writes;
  s->free_writes = w;
}

void zw_server_writes_deinit(zw_server *s) {
  for (zw_server_write *w = s->free_writes, *next; w; w = next) {
    next = w->next;
    zw_alloc_free(s->alloc, w, sizeof *w);
  }
}

static void give_back_all(zw_server *s, zw_server_write *first) {
  for (zw_server_write *w = first, *next; w; w = next) {
    next = (zw_server_write *)w->write.then;
    give_back(s, w);
  }
}

/* A write and those that follow it. */
static int submit(zw_server *s, zw_server_write *first, zw_diag *diag) {
  int error = zw_store_submit(s->store, &first->write);
  if (error) {
    give_back_all(s, first);
    return zw_fail(diag, error, "the store does not take it: %s", zw_error_text(error));
  }
  for (zw_server_write *w = first; w; w = (zw_server_write *)w->write.then) s->in_flight++;
  return 0;
}

/* ---- events ---- */

/* Texts of a list to the write's array; 0 or an error. */
static int count_texts(const zw_value *list, size_t *count) {
  zw_str text;
  int more;
  for (size_t at = 0; (more = zw_value_next_str(list, &at, &text)) > 0;) ++*count;
  return more;
}

static zw_str_list fill_texts(const zw_value *list, zw_str **to) {
  zw_str_list out = {.items = *to};
  for (size_t at = 0; zw_value_next_str(list, &at, *to) > 0; ++*to) out.count++;
  return out;
}

static int set_lists(zw_server *s, zw_server_write *w, const zw_stored *event) {
  const zw_value *from[] = {&event->exclude_authid, &event->exclude_authrole,
                            &event->eligible_authid, &event->eligible_authrole};
  zw_str_list *lists[] = {&w->write.event.exclude_authid, &w->write.event.exclude_authrole,
                          &w->write.event.eligible_authid, &w->write.event.eligible_authrole};
  size_t count = 0;
  bool any = false;
  for (unsigned i = 0; i < 4; i++) {
    any |= zw_value_present(from[i]);
    int error = zw_value_present(from[i]) ? count_texts(from[i], &count) : 0;
    if (error) return error;
  }
  if (!any) return 0;
  w->texts = zw_alloc_zero(s->alloc, (count + 1) * sizeof *w->texts);
  if (!w->texts) return ZW_ENOMEM;
  w->text_count = count + 1;
  zw_str *to = w->texts;
  for (unsigned i = 0; i < 4; i++)
    if (zw_value_present(from[i])) *lists[i] = fill_texts(from[i], &to);
  return 0;
}

static int make_event(zw_server *s, const zw_append *append, zw_server_write **out, zw_diag *diag) {
  const zw_stored *event = append->event;
  zw_server_write *w = take(s, ZW_WRITE_EVENT, append->owner, append->token);
  *out = w;
  if (!w) return zw_fail(diag, ZW_ENOMEM, "no memory to store an event");
  w->write.event = (zw_event){
      .topic = event->topic,
      .uri = event->uri,
      .publisher = event->publisher,
      .publisher_authid = event->publisher_authid,
      .publisher_authrole = event->publisher_authrole,
      .version = event->payload_type ? s->version : 0,
      .payload = event->payload,
      .args = event->args,
      .kwargs = event->kwargs,
  };
  int error = set_lists(s, w, event);
  if (!error) return 0;
  give_back(s, w);
  return zw_fail(diag, error, "the lists of who may see the event cannot be stored: %s",
                 zw_error_text(error));
}

static void set_numbers(const zw_server_write *w, zw_stored *event) {
  event->seq = w->write.event.seq;
  event->publication = w->write.event.publication;
  event->timestamp = w->write.event.timestamp;
}

int zw_server_append(void *ctx, const zw_append *append, zw_diag *diag) {
  zw_server *s = ctx;
  zw_server_write *w;
  int error = make_event(s, append, &w, diag);
  if (!error) error = submit(s, w, diag);
  if (!error) set_numbers(w, append->event);
  return error;
}

/* ---- records ---- */

static enum zw_write_kind write_kind(enum zw_op op) {
  return op == ZW_OP_PUT ? ZW_WRITE_PUT : op == ZW_OP_INSERT ? ZW_WRITE_INSERT : ZW_WRITE_DELETE;
}

static int set_record(zw_server *s, zw_server_write *w, const zw_map_change *change,
                      zw_diag *diag) {
  const zw_map_def *map = change->map;
  w->write.map = zw_server_map(s, map);
  if (!w->write.map)
    return zw_fail(diag, ZW_ENOTFOUND, "the store has no map %.*s", ZW_ARG(map->name));
  w->write.record = change->op == ZW_OP_DELETE ? (zw_span){NULL, 0} : change->record;
  if (change->op != ZW_OP_DELETE) return 0;
  return zw_key_from_request(&map->primary, change->request_type, zw_root_trusted(change->record),
                             &w->write.key, diag);
}

int zw_server_map_write(void *ctx, const zw_map_change *change, zw_diag *diag) {
  zw_server *s = ctx;
  zw_server_write *first = take(s, write_kind(change->op), change->owner, change->token);
  if (!first) return zw_fail(diag, ZW_ENOMEM, "no memory to store a record");
  int error = set_record(s, first, change, diag);
  zw_write *last = &first->write;
  for (size_t i = 0; i < change->event_count && !error; i++) {
    zw_server_write *w;
    error = make_event(s, &change->events[i], &w, diag);
    if (error) break;
    last->then = &w->write;
    last = last->then;
  }
  if (error) {
    give_back_all(s, first);
    return error;
  }
  error = submit(s, first, diag);
  if (error) return error;
  const zw_server_write *w = (zw_server_write *)first->write.then;
  for (size_t i = 0; w; w = (zw_server_write *)w->write.then)
    set_numbers(w, change->events[i++].event);
  return 0;
}

/* ---- back from the store ---- */

static void resume_publishers(zw_server *s) {
  if (!s->store_paused || zw_router_waiting(s->router) > ZW_WAITING_MAX / 2) return;
  s->store_paused = false;
  for (zw_connection *c = s->connections; c; c = c->next) zw_connection_resume(c, ZW_PAUSE_STORE);
}

void zw_server_complete(zw_server *s) {
  if (!s->store || s->live || !atomic_exchange(&s->completed, false)) return;
  for (zw_write *write = zw_store_completed(s->store), *next; write; write = next) {
    zw_server_write *w = (zw_server_write *)write;
    next = write->next;
    s->in_flight--;
    if (write->kind == ZW_WRITE_EVENT && !write->error && write->event.seq > s->told)
      s->told = write->event.seq;
    zw_router_committed(s->router, w->token, write->error, &write->diag);
    give_back(s, w);
  }
  resume_publishers(s);
}
