/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names by which this machine's own pages and programs address a listener: loopback's, the one
 * that was given to listen on, the machine's, and, where all interfaces are listened on, the
 * addresses of each.
 */
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "net_inside.h"

#define NAMES_MAX 64

typedef struct host_list {
  zw_arena *arena;
  zw_str *names;
  size_t count;
  bool failed;
} host_list;

static void add(host_list *list, zw_str name) {
  for (size_t i = 0; i < list->count; i++)
    if (zw_str_eq(list->names[i], name)) return;
  if (name.len == 0 || list->count == NAMES_MAX) return;
  zw_str copy = zw_arena_str(list->arena, name);
  if (copy.ptr)
    list->names[list->count++] = copy;
  else
    list->failed = true;
}

/* "[::1]" of "[::1]:9267". */
static zw_str without_port(const char *address) {
  const char *colon = strrchr(address, ':');
  return (zw_str){address, colon ? (size_t)(colon - address) : strlen(address)};
}

static void add_machine(host_list *list) {
  char name[256];
  if (gethostname(name, sizeof name)) return;
  name[sizeof name - 1] = 0;
  add(list, zw_str_of(name));
}

static void add_interfaces(host_list *list) {
  struct ifaddrs *interfaces;
  if (getifaddrs(&interfaces)) return;
  for (const struct ifaddrs *i = interfaces; i; i = i->ifa_next) {
    struct sockaddr_storage address = {0};
    char text[128];
    if (!i->ifa_addr || (i->ifa_addr->sa_family != AF_INET && i->ifa_addr->sa_family != AF_INET6))
      continue;
    memcpy(&address, i->ifa_addr,
           i->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                             : sizeof(struct sockaddr_in6));
    zw_net_address_text(&address, text, sizeof text);
    add(list, without_port(text));
  }
  freeifaddrs(interfaces);
}

int zw_net_host_names(const char *address, zw_arena *arena, zw_str **names, size_t *count) {
  host_list list = {.arena = arena, .names = zw_arena_array(arena, NAMES_MAX, sizeof(zw_str))};
  if (!list.names) return ZW_ENOMEM;
  add(&list, ZW_STR("localhost"));
  add(&list, ZW_STR("127.0.0.1"));
  add(&list, ZW_STR("[::1]"));
  if (strncmp(address, "unix:", 5) != 0) {
    zw_str host = without_port(address);
    add(&list, host);
    add_machine(&list);
    if (zw_str_eq(host, ZW_STR("0.0.0.0")) || zw_str_eq(host, ZW_STR("[::]")))
      add_interfaces(&list);
  }
  *names = list.names;
  *count = list.count;
  return list.failed ? ZW_ENOMEM : 0;
}
