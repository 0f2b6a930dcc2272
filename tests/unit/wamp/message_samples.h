/* SPDX-License-Identifier: Apache-2.0 */
/* For each of the 25 messages two samples in JSON: the least, and one with every field that the
 * message has. */
#ifndef ZEROWIRE_TESTS_MESSAGE_SAMPLES_H
#define ZEROWIRE_TESTS_MESSAGE_SAMPLES_H

#define FORWARD_SAMPLE                                                                          \
  "\"forward_for\":[{\"session\":17,\"authid\":\"joe\",\"authrole\":\"user\"},{\"session\":18," \
  "\"authid\":null,\"authrole\":\"r\"}]"
#define PAYLOAD_SAMPLE "[1,-2,\"three\",[true,null],{\"k\":1.5}],{\"a\":\"b\",\"c\":[]}"

static const char *const message_samples[] = {
    "[1,\"realm1\",{\"roles\":{\"caller\":{}}}]",
    "[1,\"realm1\",{\"roles\":{\"publisher\":{\"features\":{\"publisher_identification\":true}},"
    "\"caller\":{}},"
    "\"authmethods\":[\"ticket\",\"x_mine\"],\"authid\":\"joe\",\"authrole\":\"user\","
    "\"authextra\":{\"a\":1,\"b\":[2]},"
    "\"resumable\":true,\"resume-session\":77,\"resume-token\":\"tok\",\"x_zerowire\":{\"abi\":1}}"
    "]",
    "[2,9007199254740992,{\"roles\":{\"broker\":{}},\"realm\":\"r\",\"authid\":\"a\",\"authrole\":"
    "\"b\"}]",
    "[2,5,{\"roles\":{\"broker\":{\"features\":{\"event_history\":true}},\"dealer\":{}},\"realm\":"
    "\"realm1\",\"authid\":\"joe\","
    "\"authrole\":\"user\",\"authmethod\":\"ticket\",\"authprovider\":\"static\",\"authextra\":{"
    "\"x\":\"y\"},\"resumed\":true,"
    "\"resumable\":true,\"resume_token\":\"t\",\"x_zerowire\":{\"abi\":1}}]",
    "[3,{},\"wamp.error.no_such_realm\"]",
    "[3,{\"message\":\"no such realm\"},\"wamp.error.no_such_realm\"]",
    "[4,\"ticket\",{}]",
    "[4,\"wampcra\",{\"challenge\":\"{}\",\"iterations\":1000}]",
    "[5,\"secret\",{}]",
    "[5,\"secret\",{\"nonce\":\"n\"}]",
    "[6,{},\"wamp.close.normal\"]",
    "[6,{\"message\":\"bye\",\"resumable\":true},\"wamp.close.normal\"]",
    "[8,48,1,{},\"com.example.error\"]",
    "[8,48,7,{" FORWARD_SAMPLE
    ",\"message\":\"why\",\"callee\":9,\"callee_authid\":\"c\",\"callee_authrole\":\"r\"},"
    "\"com.example.error\"," PAYLOAD_SAMPLE "]",
    "[16,1,{},\"com.example.topic\"]",
    "[16,239714735,{\"acknowledge\":true,\"exclude_me\":false,\"exclude\":[1,9007199254740992],"
    "\"exclude_authid\":[\"a\"],"
    "\"exclude_authrole\":[\"b\",\"c\"],\"eligible\":[3],\"eligible_authid\":[\"d\"],\"eligible_"
    "authrole\":[\"e\"],\"retain\":true,"
    "\"transaction_hash\":\"0xff\"," FORWARD_SAMPLE
    ",\"disclose_me\":true,\"x_once\":\"id-1\"},\"com.example.topic\"," PAYLOAD_SAMPLE "]",
    "[17,1,2]",
    "[17,239714735,4429313566]",
    "[32,1,{},\"com.example\"]",
    "[32,2,{\"match\":\"wildcard\",\"get_retained\":true," FORWARD_SAMPLE
    ",\"x_from\":{\"last\":10}},\"com..topic\"]",
    "[33,1,2]",
    "[33,713845233,5512315355]",
    "[34,1,2]",
    "[34,85346237,5512315355,{" FORWARD_SAMPLE "}]",
    "[35,1]",
    "[35,0,{\"subscription\":9,\"reason\":\"wamp.error.revoked\"}]",
    "[36,1,2,{}]",
    "[36,5512315355,4429313566,{\"publisher\":9,\"publisher_authid\":\"p\",\"publisher_authrole\":"
    "\"r\",\"topic\":\"com.example.t\","
    "\"retained\":true,\"transaction_hash\":\"0x1\",\"x_acknowledged_delivery\":"
    "true," FORWARD_SAMPLE
    ",\"timestamp\":\"2026-11-24T14:10:20.123456789Z\",\"x_seq\":812}," PAYLOAD_SAMPLE "]",
    "[337,1]",
    "[337,4429313566,{" FORWARD_SAMPLE "}]",
    "[48,1,{},\"com.example.proc\"]",
    "[48,7814135,{\"timeout\":5000,\"receive_progress\":true,\"transaction_hash\":\"h\",\"caller\":"
    "4,\"caller_authid\":\"a\","
    "\"caller_authrole\":\"r\"," FORWARD_SAMPLE
    ",\"progress\":true,\"disclose_me\":true,\"forward_timeout\":true},"
    "\"com.example.proc\"," PAYLOAD_SAMPLE "]",
    "[49,1,{}]",
    "[49,7814135,{\"mode\":\"killnowait\"," FORWARD_SAMPLE "}]",
    "[50,1,{}]",
    "[50,7814135,{\"progress\":true,\"callee\":4,\"callee_authid\":\"a\",\"callee_authrole\":"
    "\"r\"," FORWARD_SAMPLE "}," PAYLOAD_SAMPLE "]",
    "[64,1,{},\"com.example.proc\"]",
    "[64,25349185,{\"match\":\"prefix\",\"invoke\":\"roundrobin\",\"concurrency\":3,\"force_"
    "reregister\":true," FORWARD_SAMPLE
    ",\"disclose_caller\":true,\"forward_timeout\":true},\"com.example.\"]",
    "[65,1,2]",
    "[65,25349185,2103333224]",
    "[66,1,2]",
    "[66,788923562,2103333224,{" FORWARD_SAMPLE "}]",
    "[67,1]",
    "[67,0,{\"registration\":9,\"reason\":\"wamp.error.revoked\"}]",
    "[68,1,2,{}]",
    "[68,6131533,9823526,{\"procedure\":\"com.example.p\",\"timeout\":1,\"receive_progress\":true,"
    "\"transaction_hash\":\"h\","
    "\"caller\":4,\"caller_authid\":\"a\",\"caller_authrole\":\"r\"," FORWARD_SAMPLE
    ",\"progress\":true}," PAYLOAD_SAMPLE "]",
    "[69,1,{\"mode\":\"kill\"}]",
    "[69,6131533,{\"mode\":\"skip\",\"reason\":\"wamp.error.canceled\"," FORWARD_SAMPLE "}]",
    "[70,1,{}]",
    "[70,6131533,{\"progress\":true,\"callee\":4,\"callee_authid\":\"a\",\"callee_authrole\":"
    "\"r\"," FORWARD_SAMPLE "}," PAYLOAD_SAMPLE "]",
};

#define MESSAGE_SAMPLE_COUNT (sizeof message_samples / sizeof *message_samples)

#endif
