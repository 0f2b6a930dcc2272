/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ZEROWIRE_BASE_CUT_TEXT_H
#define ZEROWIRE_BASE_CUT_TEXT_H

#include "zerowire/base.h"

/* Ends a text that fills all of its `size` octets with U+2026, cut at a character's border. */
void zw_cut_text(char *text, size_t size);

#endif
