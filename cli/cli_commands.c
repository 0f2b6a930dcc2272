/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of commands: it drives parsing, help, and "Did you mean". */
#include "cli_commands.h"

#define OPTIONS(...) ((const uint8_t[]){__VA_ARGS__, ZW_OPT_NONE})
#define NO_OPTIONS ((const uint8_t[]){ZW_OPT_NONE})
#define ROUTER \
  ZW_OPT_URL, ZW_OPT_REALM, ZW_OPT_AUTHID, ZW_OPT_TICKET, ZW_OPT_SERIALIZER, ZW_OPT_TIMEOUT

#define JSON_TEXT                                                                           \
  "JSON for a declared URI is one object with the fields of its table. For any other URI "  \
  "an array\nholds positional arguments, an object keyword arguments, and any other value " \
  "is one argument.\n"
#define KEY_TEXT                                                                      \
  "A key is one word for each key field, in the order of the key. With --data the "   \
  "files of a store are\nused; else the router is asked, through the procedure that " \
  "the schema declares for it.\n"

const zw_cli_command zw_cli_commands[] = {
    {"compile", "FILE…", 1, -1,
     "Checks schemas; writes C, C++, Python and TypeScript code and compiled schemas.",
     "FILE is a schema (.fbs) or a compiled one (.bfbs). Without --c, --cpp, --python, --ts and "
     "--bfbs it is only\nchecked. Findings go to stderr as file:line:col: error RULE what; exit "
     "code 1.\n\n"
     "  zerowire compile telemetry.fbs\n  zerowire compile --c --bfbs -o generated "
     "telemetry.fbs\n",
     OPTIONS(ZW_OPT_C, ZW_OPT_CPP, ZW_OPT_PYTHON, ZW_OPT_TS, ZW_OPT_BFBS, ZW_OPT_FLATC_EXACT,
             ZW_OPT_BFBS_NO_COMMENTS, ZW_OPT_BFBS_NO_BUILTINS, ZW_OPT_BFBS_FILENAMES, ZW_OPT_OUT,
             ZW_OPT_INCLUDE, ZW_OPT_C_PREFIX, ZW_OPT_DEPFILE),
     zw_cli_compile},
    {"check", "OLD NEW", 2, 2, "Judges whether a schema fits an older one.",
     "NEW is a schema (.fbs) or a compiled one (.bfbs). OLD is one too, or git:REV, the file NEW "
     "at "
     "a\nrevision, or the folder of a store: with _transitive all schemas that it keeps, else the "
     "newest.\nbackward: NEW reads what OLD wrote; forward: OLD reads what NEW writes; full: "
     "both.\n"
     "\nFindings go to stderr as file:line:col: error RULE what; with --format json to stdout, one "
     "object\na line. Exit code 0: no errors; 1: there are. A comment in NEW silences a rule, on "
     "the "
     "line of what it is\nabout or above: // zerowire:ignore RULE. For what is gone it stands at "
     "the "
     "type, or at the head of\nthe file.\n\n"
     "  zerowire check git:HEAD telemetry.fbs\n"
     "  zerowire check telemetry.store telemetry.fbs --compat full --category json\n",
     OPTIONS(ZW_OPT_COMPAT, ZW_OPT_CATEGORY, ZW_OPT_FORMAT, ZW_OPT_REALM, ZW_OPT_INCLUDE),
     zw_cli_check},
    {"lint", "FILE…", 0, -1, "Judges the style of schemas: names, comments, what will not last.",
     "FILE is a schema (.fbs), judged by itself, without what it includes, or a compiled one "
     "(.bfbs), as far as\nthat can be without a text. Findings go to stderr as file:line:col: "
     "warning RULE what; with --format\njson to stdout, one object a line. Exit code 0: none; 1: "
     "there are. A comment silences a rule, on the\nline of what it is about, above it, at its "
     "type, or at the head of the file: // zerowire:ignore RULE.\n--use and --except win over the "
     "configuration file, JSON such as\n\n"
     "  {\n"
     "    use: [\"STANDARD\", \"COMMENTS\"], except: [\"ENUM_ZERO_NAME\"],\n"
     "    ignore: [\"vendor\"],    // files and folders\n"
     "    ignore_only: [{rule: \"FIELD_CASE\", paths: [\"old.fbs\"]}]\n"
     "  }\n\n"
     "  zerowire lint --rules\n  zerowire lint --use STANDARD --use PORTABLE telemetry.fbs\n",
     OPTIONS(ZW_OPT_USE, ZW_OPT_EXCEPT, ZW_OPT_LINT_CONFIG, ZW_OPT_RULES, ZW_OPT_FORMAT,
             ZW_OPT_INCLUDE),
     zw_cli_lint},
    {"format", "FILE…", 1, -1, "Lays schemas out: the same tokens and comments, in one style.",
     "The text goes to stdout, or with --write into the file. It compiles to the same octets; "
     "formatted again\nit stays as it is. Two columns an indent, one member a line; a block that "
     "stands on one line stays there\nif it is at most 100 columns long. FILE \"-\" is stdin; of "
     "a compiled schema (.bfbs) the text is printed.\nExit code 1: a file is no schema, or with "
     "--check has another layout.\n\n"
     "  zerowire format -w telemetry.fbs\n  zerowire format --check schemas/*.fbs\n",
     OPTIONS(ZW_OPT_WRITE, ZW_OPT_CHECK), zw_cli_format},
    {"serve", "SCHEMA…", 1, -1, "Serves a schema: store, router and history on one address.",
     "SCHEMA is a schema (.fbs) or a compiled one (.bfbs). The store is made on first use. A "
     "schema that\ndoes not fit what is stored is refused, and nothing changes. Ctrl-C ends it, "
     "with everything\ncommitted.\n\n  zerowire serve telemetry.fbs\n  zerowire serve "
     "telemetry.fbs --data /var/lib/telemetry --listen unix:/run/telemetry\n\n"
     "A configuration file is JSON, comments allowed; any of its settings may be left out:\n\n"
     "  {\n"
     "    data: \"/var/lib/telemetry\", realm: \"realm1\", sync: \"group\", strict: false,\n"
     "    listen: [\"0.0.0.0:9267\", \"unix:/run/telemetry\"],\n"
     "    max_size: \"10GB\", queue_max: \"64MiB\", message_max: \"16MiB\",\n"
     "    anonymous: true,    // from this machine only; false: tickets only\n"
     "    principals: [{authid: \"joe\", role: \"operator\", ticket: \"a secret\"}]\n"
     "  }\n",
     OPTIONS(ZW_OPT_STORE_DATA, ZW_OPT_LISTEN, ZW_OPT_REALM, ZW_OPT_SYNC, ZW_OPT_STRICT,
             ZW_OPT_MAX_SIZE, ZW_OPT_CONFIG, ZW_OPT_INCLUDE),
     zw_cli_serve},
    {"pub", "TOPIC [JSON|-]", 1, 2, "Publishes one event, or one a line of stdin (-).",
     JSON_TEXT
     "Each event is acknowledged: exit code 0 says that the router has it, and has stored "
     "it where the\ntopic is durable. From stdin a line that is refused is named, and the "
     "others are published.\n\n  zerowire pub com.example.reading "
     "'{\"sensor\":\"s1\",\"celsius\":21.5}'\n",
     OPTIONS(ROUTER), zw_cli_pub},
    {"sub", "TOPIC", 1, 1, "Prints events as they come, one a line; history first if asked.",
     "With --last or --since it begins in the past, without gap or double. It ends at Ctrl-C, "
     "SIGTERM, or\nafter --count events, with exit code 0; at the end of the connection with 3.\n\n"
     "  zerowire sub com.example.reading --last 10\n  zerowire sub com.example --match prefix "
     "--envelope\n",
     OPTIONS(ZW_OPT_MATCH, ZW_OPT_LAST, ZW_OPT_SINCE, ZW_OPT_ENVELOPE, ZW_OPT_COUNT, ROUTER),
     zw_cli_sub},
    {"history", "TOPIC", 1, 1, "Prints the stored events of a topic, oldest first, and ends.",
     "With --limit the oldest N (zerowire sub --last N prints the newest). With --data the files "
     "of a\nstore are read, also while a server writes them.\n\n"
     "  zerowire history com.example.reading --since 1h\n"
     "  zerowire history com.example.reading --since '#812' --envelope\n"
     "  zerowire history com.example --match prefix --envelope\n",
     OPTIONS(ZW_OPT_HISTORY_MATCH, ZW_OPT_SINCE, ZW_OPT_LIMIT, ZW_OPT_ENVELOPE, ZW_OPT_DATA,
             ROUTER),
     zw_cli_history},
    {"call", "PROCEDURE [JSON|-]", 1, 2, "Calls a procedure and prints what it returns.",
     JSON_TEXT "\"-\" reads the JSON from stdin. Progressive results are printed one a line.\n\n"
               "  zerowire call com.example.sensor_get '{\"site\":\"north\",\"id\":\"s1\"}'\n",
     OPTIONS(ROUTER), zw_cli_call},
    {"get", "MAP KEY…", 2, -1, "Prints the record with this key.",
     KEY_TEXT "\n  zerowire get sensors north s1\n", OPTIONS(ZW_OPT_DATA, ROUTER), zw_cli_get},
    {"put", "MAP JSON", 2, 2, "Writes a record; one with the same key is replaced.",
     "The key is made of the record's fields. \"-\" reads the JSON from stdin.\n\n"
     "  zerowire put sensors '{\"id\":\"s1\",\"site\":\"north\"}'\n",
     OPTIONS(ZW_OPT_DATA, ROUTER), zw_cli_put},
    {"delete", "MAP KEY…", 2, -1, "Deletes the record with this key.",
     KEY_TEXT "\n  zerowire delete sensors north s1\n", OPTIONS(ZW_OPT_DATA, ROUTER),
     zw_cli_delete},
    {"scan", "MAP", 1, 1, "Prints records in the order of their keys, one a line.",
     "KEY is the values of the key's fields, parted by commas (\\, is a comma in a value); the "
     "first few\nare enough. Scanning needs --data DIR: it reads the files of a store, also while "
     "a server writes\nthem.\n\n  zerowire scan sensors --data telemetry.store --from north --to "
     "north\n",
     OPTIONS(ZW_OPT_FROM, ZW_OPT_TO, ZW_OPT_INDEX, ZW_OPT_LIMIT, ZW_OPT_DATA, ROUTER), zw_cli_scan},
    {"count", "MAP", 1, 1, "Prints how many records a map has.", "  zerowire count sensors\n",
     OPTIONS(ZW_OPT_DATA, ROUTER), zw_cli_count},
    {"schema", "FILE", 1, 1, "Prints a schema or a compiled one as text.",
     "The text compiles to the same schema, but has an order of its own; comments other than /// "
     "are "
     "gone, and\nwhat was included is in it.\n\n  zerowire schema telemetry.bfbs\n",
     OPTIONS(ZW_OPT_INCLUDE), zw_cli_schema},
    {"verify", "SCHEMA FILE", 2, 2, "Verifies that a file is a FlatBuffer of the schema.",
     "Exit code 0: it is; else what is wrong, at which octet and field. FILE \"-\" is stdin.\n\n"
     "  zerowire verify telemetry.fbs reading.bin --type Reading\n",
     OPTIONS(ZW_OPT_TYPE, ZW_OPT_INCLUDE), zw_cli_verify},
    {"json", "SCHEMA FILE", 2, 2, "Prints a FlatBuffer as one line of JSON.",
     "The file is verified first; of one that is corrupt nothing is printed.\n\n"
     "  zerowire json telemetry.fbs reading.bin --type Reading\n",
     OPTIONS(ZW_OPT_TYPE, ZW_OPT_INDENT, ZW_OPT_DEFAULTS_JSON, ZW_OPT_FLATC, ZW_OPT_STRICT_JSON,
             ZW_OPT_NATURAL_UTF8, ZW_OPT_ALLOW_NON_UTF8, ZW_OPT_INCLUDE),
     zw_cli_json},
    {"binary", "SCHEMA FILE", 2, 2, "Writes the FlatBuffer of a JSON file.",
     "FILE \"-\" is stdin.\n\n  zerowire binary telemetry.fbs reading.json --type Reading -o "
     "reading.bin\n",
     OPTIONS(ZW_OPT_TYPE, ZW_OPT_OUT_FILE, ZW_OPT_STRICT_JSON, ZW_OPT_UNKNOWN_JSON, ZW_OPT_FLATC,
             ZW_OPT_ALLOW_NON_UTF8, ZW_OPT_INCLUDE),
     zw_cli_binary},
    {"dump", "SCHEMA FILE", 2, 2, "Prints what each octet of a FlatBuffer means.",
     "Address, octets, value and meaning, block by block: tables and their vtables, strings, "
     "vectors, nested\nbuffers; every octet once, also those that nothing leads to. Of a corrupt "
     "buffer what is wrong stands\nat its place, after !!, and the rest is printed all the same. "
     "Exit code 1: the buffer is not valid.\nFILE \"-\" is stdin.\n\n"
     "  zerowire dump telemetry.fbs reading.bin --type Reading\n",
     OPTIONS(ZW_OPT_TYPE, ZW_OPT_JSON, ZW_OPT_SIZE_PREFIXED, ZW_OPT_INCLUDE), zw_cli_dump},
    {"flatc", "FILE… [-- BUFFER…]", 0, -1, "Takes flatc's command line.",
     "Schemas (.fbs, .bfbs), JSON files that follow their schema, and behind \"--\" buffers; "
     "outputs are named\nas flatc names them: NAME.bfbs, NAME.json, NAME.bin or the schema's "
     "file_extension. An option of flatc\nthat is not in the list is refused with what to do "
     "instead.\n\n"
     "  zerowire flatc -b -o out telemetry.fbs reading.json\n"
     "  zerowire flatc -t --strict-json telemetry.fbs -- reading.bin\n"
     "  zerowire flatc -b --schema --bfbs-comments --bfbs-builtins telemetry.fbs\n",
     NULL, zw_cli_flatc},
    {"store info", "DIR", 1, 1, "Prints what a store holds.",
     "For each realm its format, sizes, events, maps and topics. A server may be running on "
     "it.\n\n  zerowire store info telemetry.store --format json\n",
     OPTIONS(ZW_OPT_REALM, ZW_OPT_FORMAT), zw_cli_store_info},
    {"store verify", "", 0, -1, "", "", NO_OPTIONS, NULL},
    {"store compact", "", 0, -1, "", "", NO_OPTIONS, NULL},
    {"store backup", "", 0, -1, "", "", NO_OPTIONS, NULL},
    {"store restore", "", 0, -1, "", "", NO_OPTIONS, NULL},
    {"store export", "", 0, -1, "", "", NO_OPTIONS, NULL},
    {"store import", "", 0, -1, "", "", NO_OPTIONS, NULL},
    {"store migrate", "", 0, -1, "", "", NO_OPTIONS, NULL},
    {NULL, NULL, 0, 0, NULL, NULL, NULL, NULL},
};
