/* SPDX-License-Identifier: Apache-2.0 */
/* The processes of the machine: their time and memory, and which of them used the most. */
#ifndef HOSTMON_PROC_PROCESSES_H
#define HOSTMON_PROC_PROCESSES_H

#include "proc_sampler.h"

/* Reads all processes (SAMPLER_PROCESSES at most) into this look's list, ascending by pid. */
int processes_look(sampler *s, zw_diag *diag);
/* Fills s->busiest with those that used the most time since the look before; returns their number.
 */
size_t processes_busiest(sampler *s, double seconds);

#endif
