/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target over stored inputs where there is no libFuzzer: each argument is a file or a
 * folder of files. So every seed and every past finding is a regression test in all builds. Each
 * input is copied to a block of exactly its size, so that the sanitizers see a read past its end. A
 * folder that is absent counts as empty: the target then still runs on no input at all.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long inputs;

static int run_file(const char *path, size_t size) {
  FILE *file = fopen(path, "rb");
  uint8_t *bytes = malloc(size ? size : 1);
  int failed = !file || !bytes || fread(bytes, 1, size, file) != size;
  if (failed)
    fprintf(stderr, "fuzz_replay: cannot read %s\n", path);
  else
    LLVMFuzzerTestOneInput(bytes, size);
  inputs += !failed;
  free(bytes);
  if (file) fclose(file);
  return failed;
}

static int run_path(const char *path);

static int run_folder(const char *path) {
  DIR *folder = opendir(path);
  if (!folder) return 1;
  int failed = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    char file[4096];
    if (entry->d_name[0] == '.') continue;
    int n = snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
    failed |= n >= (int)sizeof file || run_path(file);
  }
  closedir(folder);
  return failed;
}

static int run_path(const char *path) {
  struct stat st;
  if (stat(path, &st) != 0) return 0;
  return S_ISDIR(st.st_mode) ? run_folder(path) : run_file(path, (size_t)st.st_size);
}

int main(int argc, char **argv) {
  int failed = 0;
  LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
  for (int i = 1; i < argc; i++) failed |= run_path(argv[i]);
  printf("%lu inputs\n", inputs);
  return failed;
}
