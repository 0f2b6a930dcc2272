/* SPDX-License-Identifier: Apache-2.0 */
/* All of libzerowire. The compiler's interface (libzerowire-schema) is zerowire/schema.h. */
#ifndef ZEROWIRE_ZEROWIRE_H
#define ZEROWIRE_ZEROWIRE_H

#include "zerowire/annotate.h"
#include "zerowire/any.h"
#include "zerowire/base.h"
#include "zerowire/client.h"
#include "zerowire/flatbuf.h"
#include "zerowire/flexbuffer.h"
#include "zerowire/model.h"
#include "zerowire/reflect.h"
#include "zerowire/router.h"
#include "zerowire/serve.h"
#include "zerowire/store.h"
#include "zerowire/wamp.h"

#endif
