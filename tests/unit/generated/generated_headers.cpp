// SPDX-License-Identifier: Apache-2.0
// Generated headers in C++17: all of them compile, and views and packing work as in C.
#include "clashes_generated.h"
#include "clashes_store.h"
#include "clashes_wamp.h"
#include "constructs_generated.h"
#include "cycle_right_generated.h"
#include "including_generated.h"
#include "telemetry_generated.h"
#include "telemetry_store.h"
#include "telemetry_wamp.h"

int generated_in_cpp(zw_txn *txn, zw_client *client);

int generated_in_cpp(zw_txn *txn, zw_client *client) {
  zw_builder b;
  zw_builder_init(&b, nullptr);
  com_example_SensorT object = {};
  object.site = ZW_STR("north");
  com_example_Sensor sensor;
  com_example_Reading reading;
  int error = com_example_Sensor_pack(&b, &object, &sensor);
  if (!error) error = com_example_sensors_put(txn, sensor, nullptr);
  if (!error) error = com_example_sensors_get(txn, {ZW_STR("north"), ZW_STR("s1")}, &sensor);
  if (!error) error = com_example_Reading_from_json(&b, ZW_STR("{}"), &reading, nullptr);
  if (!error) error = com_example_Telemetry_reading_publish(client, reading, nullptr);
  clash_Thing thing;
  zw_cursor cursor;
  clash_things__by_at_z_at_z_key place = {};
  place.at_z = 1, place.at_z_ = 2;
  if (!error) error = clash_things__get(txn, {1}, &thing);
  if (!error) error = clash_things__by_at_z_at_z(&cursor, txn, &place, nullptr, false);
  if (!error) error = clash_Svc_m__publish(client, thing, nullptr);
  every_thing_Color color = every_thing_Color_Red;
  zw_builder_deinit(&b);
  return error ? error : every_thing_Color_name(color).ptr == nullptr;
}
