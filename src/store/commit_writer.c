/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commit path: one thread submits, one writer thread commits.
 *
 * The writer takes everything that waits (bounded), puts it into one LMDB transaction and commits
 * it; then the writes are done and the loop is woken. A write that fails alone is refused before it
 * changes anything, so a group needs no nested transactions. A failure of the transaction fails the
 * group.
 *
 * With ZW_SYNC_EVERYSEC the transaction stays open for up to a second: a write is done as soon as
 * it is in it, and is committed with what follows. Whoever wants the database (a direct write
 * transaction, a flush, a history) asks for a commit now.
 *
 * The writer thread alone touches the members of commit_writer after `ctx`, and the log.
 */
#include "store_state.h"

#define READERS_INTERVAL (10 * NS_PER_SECOND)

static void append(write_list *list, zw_write *write) {
  write->next = NULL;
  if (list->last)
    list->last->next = write;
  else
    list->first = write;
  list->last = write;
  list->count++;
}

static void append_all(write_list *list, write_list *more) {
  if (!more->first) return;
  if (list->last)
    list->last->next = more->first;
  else
    list->first = more->first;
  list->last = more->last;
  list->count += more->count;
  *more = (write_list){NULL, NULL, 0};
}

/* ---- the loop's side ---- */

static int check_write(zw_store *store, const zw_write *write) {
  uint32_t topic = write->event.topic;
  if (write->kind == ZW_WRITE_EVENT)
    return topic >= 1 && topic <= zw_store_topic_count(store) ? 0 : ZW_EINVAL;
  return write->map ? 0 : ZW_EINVAL;
}

static void number_event(zw_store *store, zw_write *write) {
  int64_t now = zw_store_now(store);
  if (now <= store->last_timestamp) now = store->last_timestamp + 1;
  store->last_timestamp = now;
  write->event.timestamp = now;
  write->event.seq = store->next_seq++;
  write->event.publication = zw_publication_of_seq(store, write->event.seq);
}

static void prepare(zw_store *store, zw_write *write, const zw_write *of) {
  if (write->kind == ZW_WRITE_EVENT) number_event(store, write);
  write->of = of;
  write->error = 0;
  write->diag.error = 0;
  write->replaced = false;
}

int zw_store_submit(zw_store *store, zw_write *first) {
  commit_writer *w = &store->writer;
  write_list list = {NULL, NULL, 0};
  if (!w->started) return ZW_EINVAL;
  for (const zw_write *write = first; write; write = write->then) {
    int error = check_write(store, write);
    if (error) return error;
    if (write != first && write->kind != ZW_WRITE_EVENT) return ZW_EINVAL;
  }
  for (zw_write *write = first; write; write = write->then) {
    prepare(store, write, write == first ? NULL : first);
    append(&list, write);
  }
  pthread_mutex_lock(&w->lock);
  w->submitted += list.count;
  if (!w->queue.first) pthread_cond_signal(&w->wake);
  append_all(&w->queue, &list);
  pthread_mutex_unlock(&w->lock);
  return 0;
}

zw_write *zw_store_completed(zw_store *store) {
  commit_writer *w = &store->writer;
  pthread_mutex_lock(&w->lock);
  zw_write *first = w->done.first;
  w->done = (write_list){NULL, NULL, 0};
  pthread_mutex_unlock(&w->lock);
  return first;
}

void zw_commit_now(zw_store *store) {
  commit_writer *w = &store->writer;
  if (!w->started) return;
  pthread_mutex_lock(&w->lock);
  w->commit_now = true;
  pthread_cond_signal(&w->wake);
  pthread_mutex_unlock(&w->lock);
}

void zw_store_flush(zw_store *store) {
  commit_writer *w = &store->writer;
  if (!w->started) return;
  pthread_mutex_lock(&w->lock);
  uint64_t target = w->submitted;
  w->commit_now = true;
  pthread_cond_signal(&w->wake);
  while (w->finished < target) pthread_cond_wait(&w->drained, &w->lock);
  pthread_mutex_unlock(&w->lock);
}

/* ---- the writer's side: ends of a group ---- */

static void hand_over(commit_writer *w, write_list *list, uint64_t finished) {
  bool any = list->count > 0 || finished;
  pthread_mutex_lock(&w->lock);
  append_all(&w->done, list);
  w->finished += finished;
  if (finished) pthread_cond_broadcast(&w->drained);
  pthread_mutex_unlock(&w->lock);
  if (any && w->completed) w->completed(w->ctx);
}

static void fail_group(zw_store *store, int error, const char *why) {
  commit_writer *w = &store->writer;
  zw_retention_end(store, false);
  if (w->group_first) zw_log_index_drop(store, w->group_first);
  if (w->group_first && store->sync == ZW_SYNC_OFF) zw_memory_drop(store, w->group_first);
  for (zw_write *write = w->group.first; write; write = write->next)
    if (!write->error) write->error = zw_fail(&write->diag, error, "%s", why);
  size_t lost = (size_t)w->group_writes - w->group.count;
  zw_log_printf(store->log, ZW_LOG_ERROR, "%llu %s not committed (%zu of them acknowledged): %s",
                (unsigned long long)w->group_writes,
                w->group_writes == 1 ? "write was" : "writes were", lost, why);
}

static void end_group(zw_store *store) {
  commit_writer *w = &store->writer;
  uint64_t finished = w->group_writes;
  w->group_first = w->group_last = w->group_writes = w->group_octets = 0;
  w->index_written = false;
  w->open = false;
  hand_over(w, &w->group, finished);
}

static void abandon(zw_store *store, int code) {
  commit_writer *w = &store->writer;
  bool ours = code < 0 && code > -100;
  zw_diag diag = {0};
  int error = ours ? code : zw_store_commit_error(store, code, &diag);
  /* Not tried again at once: the next watermark that moves sets it. */
  store->sweep_left = false;
  fail_group(store, error, ours ? zw_error_text(code) : diag.message);
  zw_txn_abort_own(&w->txn);
  end_group(store);
}

static void publish(zw_store *store, size_t subscriptions) {
  commit_writer *w = &store->writer;
  atomic_store(&store->subscriptions_written, subscriptions);
  if (w->index_written) zw_log_index_written(store, w->index_through);
  zw_retention_end(store, true);
  if (w->group_last) atomic_store(&store->last_seq, w->group_last);
}

static void commit_group(zw_store *store) {
  commit_writer *w = &store->writer;
  size_t subscriptions = 0;
  if (!w->open) return;
  int code = zw_subscriptions_write(store, w->txn.mdb, &subscriptions);
  bool on_disk = store->sync != ZW_SYNC_OFF;
  if (!code && on_disk && store->tail_total >= TAIL_EVENTS && w->group_last) {
    w->index_through = w->group_last;
    w->index_written = true;
    code = zw_log_index_write(store, w->txn.mdb, w->index_through);
  }
  if (!code) code = zw_retention_step(store, &w->txn);
  if (!code) code = zw_txn_commit_own(&w->txn);
  if (code) {
    abandon(store, code);
    return;
  }
  publish(store, subscriptions);
  zw_txn_abort_own(&w->txn);
  end_group(store);
}

/* ---- the writer's side: writes ---- */

static int open_group(zw_store *store) {
  commit_writer *w = &store->writer;
  if (w->open) return 0;
  int code = zw_txn_begin_own(&w->txn, store);
  if (code == ZW_ESTORE || code == MDB_PANIC)
    code = zw_env_reopen(store) ? ZW_ESTORE : zw_txn_begin_own(&w->txn, store);
  if (code) return code;
  w->open = true;
  w->opened_at = zw_store_now(store);
  if (w->opened_at - w->readers_cleared_at >= READERS_INTERVAL) {
    w->readers_cleared_at = w->opened_at;
    zw_env_clear_readers(store);
  }
  return 0;
}

static size_t octets_of(const zw_write *write) {
  return write->event.payload.len + write->event.args.len + write->event.kwargs.len +
         write->record.len;
}

static int take_space(zw_store *store, zw_write *write, size_t octets) {
  int code = zw_space_take(&store->writer.txn, octets);
  if (!code) return 0;
  write->error =
      zw_fail(&write->diag, code,
              "the store has reached its limit of %llu octets. Raise --max-size, or keep less",
              (unsigned long long)store->max_size);
  return write->error;
}

/* The space of an event that follows a record was taken with the record's. */
static int apply_event(zw_store *store, zw_write *write) {
  commit_writer *w = &store->writer;
  topic_entry *topic = zw_catalog_topic(store, write->event.topic);
  if (write->of && write->of->error) {
    write->diag = write->of->diag;
    write->error = write->of->error;
    return 0;
  }
  if (!write->of && take_space(store, write, octets_of(write))) return 0;
  int code = zw_event_append(store, w->txn.mdb, &w->scratch, &write->event);
  /* An event that cannot be encoded has changed nothing. */
  if (code == ZW_ELIMIT) {
    write->error = zw_fail(&write->diag, code, "the event is too large");
    return 0;
  }
  if (!code) code = zw_log_index_add(store, topic, write->event.seq);
  if (code) return code;
  if (!topic->touched) {
    topic->touched = true;
    topic->next_touched = store->touched;
    store->touched = topic;
  }
  if (!w->group_first) w->group_first = write->event.seq;
  w->group_last = write->event.seq;
  return 0;
}

static int apply_map(zw_store *store, zw_write *write) {
  zw_txn *txn = &store->writer.txn;
  bool fatal = false;
  for (const zw_write *event = write->then; event; event = event->then)
    if (take_space(store, write, octets_of(event))) return 0;
  switch (write->kind) {
    case ZW_WRITE_PUT:
      write->error = zw_map_apply(txn, write->map, write->record, false, &write->replaced, &fatal,
                                  &write->diag);
      break;
    case ZW_WRITE_INSERT:
      write->error = zw_map_apply(txn, write->map, write->record, true, NULL, &fatal, &write->diag);
      break;
    default:
      write->error = zw_map_remove(txn, write->map, &write->key, &fatal, &write->diag);
      break;
  }
  return fatal ? write->error : 0;
}

/* Puts the batch into the open group; with `everysec` what is in it is done. */
static void apply_batch(zw_store *store, write_list *batch) {
  commit_writer *w = &store->writer;
  write_list early = {NULL, NULL, 0};
  int code = open_group(store);
  w->group_writes += batch->count;
  for (zw_write *write = batch->first, *next; write; write = next) {
    next = write->next;
    w->group_octets += octets_of(write);
    if (!code)
      code = write->kind == ZW_WRITE_EVENT ? apply_event(store, write) : apply_map(store, write);
    append(store->sync == ZW_SYNC_EVERYSEC && !code ? &early : &w->group, write);
  }
  if (code) {
    append_all(&early, &w->group);
    w->group = early;
    abandon(store, code);
    return;
  }
  if (early.count) hand_over(w, &early, 0);
}

/* ---- the writer's side: the thread ---- */

/* An event goes with the write that it follows. */
static write_list take_batch(commit_writer *w) {
  write_list batch = {NULL, NULL, 0};
  size_t octets = 0;
  while (w->queue.first &&
         ((batch.count < GROUP_WRITES && octets < GROUP_OCTETS) || w->queue.first->of)) {
    zw_write *write = w->queue.first;
    w->queue.first = write->next;
    if (!w->queue.first) w->queue.last = NULL;
    w->queue.count--;
    octets += octets_of(write);
    append(&batch, write);
  }
  return batch;
}

static void wait_for_work(zw_store *store) {
  commit_writer *w = &store->writer;
  int64_t age = w->open ? zw_store_now(store) - w->opened_at : 0;
  int64_t wait = age >= 0 && age < NS_PER_SECOND ? NS_PER_SECOND - age : 1;
  struct timespec until = zw_cond_deadline(wait);
  bool sweep = store->sweep_left && !w->open;
  if (!w->queue.first && !w->stop && !w->commit_now && !sweep)
    pthread_cond_timedwait(&w->wake, &w->lock, &until);
}

static bool commit_due(const zw_store *store, bool asked) {
  const commit_writer *w = &store->writer;
  int64_t age = zw_store_now(store) - w->opened_at;
  return store->sync != ZW_SYNC_EVERYSEC || asked || age >= NS_PER_SECOND || age < 0 ||
         w->group_writes >= 16 * GROUP_WRITES || w->group_octets >= GROUP_OCTETS;
}

static bool work_left(const zw_store *store) {
  return store->writer.open || zw_retention_due(store) ||
         atomic_load(&store->subscriptions_written) != store->subscription_count;
}

static void *run(void *arg) {
  zw_store *store = arg;
  commit_writer *w = &store->writer;
  for (;;) {
    pthread_mutex_lock(&w->lock);
    wait_for_work(store);
    write_list batch = take_batch(w);
    bool asked = w->commit_now && !w->queue.first, stop = w->stop && !w->queue.first;
    if (asked) w->commit_now = false;
    pthread_mutex_unlock(&w->lock);
    if (batch.first) apply_batch(store, &batch);
    if (!w->open && !batch.first && work_left(store) && open_group(store))
      store->sweep_left = false;
    if (w->open && commit_due(store, asked || stop)) commit_group(store);
    if (stop && !w->open) return NULL;
  }
}

int zw_store_writer_start(zw_store *store, void (*completed)(void *ctx), void *ctx, zw_diag *diag) {
  commit_writer *w = &store->writer;
  if (store->read_only || w->started)
    return zw_fail(diag, ZW_EINVAL, "%s is open for reading only", store->path);
  w->completed = completed;
  w->ctx = ctx;
  zw_builder_init(&w->scratch, store->alloc);
  int code = pthread_create(&w->thread, NULL, run, store);
  if (code) return zw_store_error(diag, code, "the writer thread");
  w->started = true;
  return 0;
}

void zw_commit_stop(zw_store *store) {
  commit_writer *w = &store->writer;
  if (!w->started) return;
  pthread_mutex_lock(&w->lock);
  w->stop = true;
  pthread_cond_signal(&w->wake);
  pthread_mutex_unlock(&w->lock);
  pthread_join(w->thread, NULL);
  w->started = false;
  zw_builder_deinit(&w->scratch);
}
