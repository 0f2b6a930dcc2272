/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server: joins store, router, wire and net. One loop thread owns all router state, one writer
 * thread LMDB's write transaction.
 *
 * Lifecycle: zw_server_open (opens the store, checks the schema, binds the addresses),
 * zw_server_run until zw_server_stop or a signal, zw_server_close.
 */
#ifndef ZEROWIRE_SERVE_H
#define ZEROWIRE_SERVE_H

#include "zerowire/router.h"
#include "zerowire/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zw_server zw_server;

typedef struct zw_server_options {
  size_t size;
  const zw_alloc *alloc;
  const zw_log *log;
  const char *data;          /* folder of the store; NULL: no store, nothing durable */
  const char *realm;         /* NULL: "realm1" */
  const char *const *listen; /* "HOST:PORT", "unix:PATH"; NULL: {"127.0.0.1:9267"} */
  size_t listen_count;
  enum zw_sync sync;
  uint64_t max_size; /* octets; 0: no limit */
  bool strict;
  zw_span schema;          /* a compiled schema (.bfbs); absent: the store's newest, if any */
  zw_finding_fn *findings; /* where the schema does not fit the store */
  void *findings_ctx;
  const zw_principal *principals; /* ticket logins; copied */
  size_t principal_count;
  uint64_t queue_max;    /* of a connection, octets; 0: 64 MiB */
  uint32_t message_max;  /* 0: 16 MiB */
  bool handle_signals;   /* SIGINT and SIGTERM end zw_server_run */
  bool refuse_anonymous; /* else sessions without a login are taken, from this machine only */
} zw_server_options;

/* ---- the configuration file -------------------------------------------------------------------------- */

typedef struct zw_server_config zw_server_config;

/*
 * Reads `text`, the octets of the file that is called `file` in errors: a Config of
 * schemas/config.fbs as relaxed JSON. Errors as zw_json_parse gives them, with line and column;
 * ZW_EINVAL for values that make no sense.
 */
ZW_API int zw_server_config_parse(zw_server_config **out, const char *file, zw_str text,
                                  const zw_alloc *alloc, zw_diag *diag);
ZW_API void zw_server_config_destroy(zw_server_config *config); /* NULL is ignored */
/* Sets all options that a file can give: what it does not say gets its default, so other options
 * win when they are set afterwards. The options refer to the config until the server is open. */
ZW_API void zw_server_config_apply(const zw_server_config *config, zw_server_options *options);

/* ---- the server ------------------------------------------------------------------------------------------ */

/* Whether it is written as an address to listen on; nothing is resolved or bound. ZW_EINVAL. */
ZW_API int zw_server_address_check(const char *address, zw_diag *diag);

/* Errors as zw_store_open, zw_store_schema_put and binding give them; ZW_EINVAL, before the store
 * is touched, for an address that is none. */
ZW_API int zw_server_open(zw_server **out, const zw_server_options *options, zw_diag *diag);
/* Until stopped; says GOODBYE to all sessions, commits what waits. */
ZW_API int zw_server_run(zw_server *server);
ZW_API void zw_server_stop(zw_server *server);  /* any thread, signal handlers too */
ZW_API void zw_server_close(zw_server *server); /* NULL is ignored */

ZW_API size_t zw_server_address_count(const zw_server *server);
ZW_API const char *zw_server_address(const zw_server *server,
                                     size_t i); /* "127.0.0.1:9267", "unix:/run/x" */
ZW_API bool zw_server_store_is_new(const zw_server *server);
ZW_API const zw_schema *zw_server_schema(const zw_server *server); /* or NULL */
ZW_API const zw_model *zw_server_model(const zw_server *server);   /* or NULL */

#ifdef __cplusplus
}
#endif

#endif
