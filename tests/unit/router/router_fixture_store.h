/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ZEROWIRE_TESTS_ROUTER_FIXTURE_STORE_H
#define ZEROWIRE_TESTS_ROUTER_FIXTURE_STORE_H

#include "router_fixture.h"

void fixture_store_init(fixture *f);

#endif
