/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire call: one call; progressive results and the result, one a line. A final result that is
 * empty after progressive ones only ends them, and is not printed. */
#include "cli_commands.h"
#include "cli_files.h"
#include "cli_link.h"
#include "cli_payload.h"

typedef struct call_state {
  zw_cli_printer printer;
  const zw_type *response;
  const char *procedure;
  bool progressed;
  int code; /* of printing */
} call_state;

static void on_progress(void *ctx, const zw_result *result) {
  call_state *state = ctx;
  if (!result->progress || state->code) return;
  state->progressed = true;
  state->code =
      zw_cli_payload_line(&state->printer, result->payload, state->response, state->procedure);
  if (state->code == 0) state->code = zw_cli_flush();
}

static int call_failed(const zw_cli_link *link, const char *procedure, int error,
                       const zw_diag *diag) {
  zw_cli_hint hint;
  if (!zw_cli_is_remote(error, diag, "wamp.error.no_such_procedure"))
    return zw_cli_remote_failed(link, procedure, error, diag);
  if (zw_cli_procedure(link, zw_str_of(procedure)))
    zw_cli_say("%s: nobody has registered this procedure", procedure);
  else if (zw_cli_topic(link, zw_str_of(procedure)))
    zw_cli_say("%s is a topic, not a procedure. Use zerowire pub or sub", procedure);
  else
    zw_cli_say("no procedure \"%s\".%s", procedure,
               zw_cli_near_procedure(link, zw_str_of(procedure), &hint));
  return ZW_CLI_REFUSED;
}

static int call(zw_cli_link *link, const char *procedure, zw_str json, zw_cli_body *body) {
  const zw_procedure_def *def = zw_cli_procedure(link, zw_str_of(procedure));
  call_state state = {.response = def ? def->response : NULL, .procedure = procedure};
  zw_call_options options = {.receive_progress = true};
  zw_payload result = {0};
  zw_buf *owner = NULL;
  zw_diag diag = {0};
  int error = zw_cli_body_read(body, def ? def->request : NULL, json, &diag);
  if (error) return zw_cli_failed(NULL, error, &diag);
  zw_cli_printer_init(&state.printer, true);
  error = zw_client_call_wait(link->client, zw_str_of(procedure), &body->payload, &options,
                              on_progress, &state, &result, &owner, &diag);
  int code = error ? call_failed(link, procedure, error, &diag) : state.code;
  bool empty = result.format == ZW_FORMAT_NONE ||
               (!result.typed.ptr && !result.args.ptr && !result.kwargs.ptr);
  if (code == 0 && !(empty && state.progressed))
    code = zw_cli_payload_line(&state.printer, &result, state.response, procedure);
  zw_buf_unref(owner);
  zw_cli_printer_deinit(&state.printer);
  return code;
}

int zw_cli_call(zw_cli_args *args) {
  zw_cli_link link;
  zw_cli_body body;
  zw_text input;
  zw_text_init(&input, NULL);
  zw_cli_body_init(&body);
  zw_str json = zw_str_of(args->word_count > 1 ? args->words[1] : NULL);
  int code = zw_cli_uri_check(args->words[0], ZW_MATCH_EXACT);
  if (code == 0 && json.ptr && strcmp(json.ptr, "-") == 0) {
    code = zw_cli_read_file("-", &input);
    json = zw_text_str(&input);
  }
  if (code == 0) {
    code = zw_cli_link_open(&link, args);
    if (code == 0) code = call(&link, args->words[0], json, &body);
    zw_cli_link_close(&link);
  }
  zw_cli_body_deinit(&body);
  zw_text_deinit(&input);
  return code;
}
