/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the C generator where a build has none. */
#include "zerowire/schema.h"

int zw_generate_c(const zw_compiled *compiled, const zw_generate_options *options,
                  zw_generated_c *out, zw_diag *diag) {
  (void)compiled;
  (void)options;
  (void)out;
  return zw_fail(diag, ZW_ENOTSUP, "this build has no C generator");
}
