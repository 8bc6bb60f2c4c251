// The Node addon: chooses an instruction set, owns the arena of one JavaScript context, and runs kernels by index.
#include <node_api.h>
#if !defined(_WIN32)
#include <dlfcn.h>
#endif
#include <cstring>
#include <string>
#include <vector>
#include "call.h"
#include "pool.h"
#if defined(INGOT_X86)
#include "x86.h"
#endif

#define DECLARE(set)                 \
  extern const Kernel kernels_##set[]; \
  extern const int kernel_count_##set;

DECLARE(base)
#if defined(INGOT_X86)
DECLARE(avx2)
DECLARE(avx512)
#endif

struct Set {
  const char* name;
  const Kernel* kernels;
  int count;
  bool runs;
};
static std::vector<Set> find_sets() {
  std::vector<Set> all;
#if defined(INGOT_X86)
  const X86 x86 = x86_features();
  all.push_back({"avx512", kernels_avx512, kernel_count_avx512, x86.avx512});
  all.push_back({"avx2", kernels_avx2, kernel_count_avx2, x86.avx2});
  all.push_back({"sse2", kernels_base, kernel_count_base, true});
#elif defined(__aarch64__)
  all.push_back({"neon", kernels_base, kernel_count_base, true});
#else
  all.push_back({"base", kernels_base, kernel_count_base, true});
#endif
  return all;
}
static const std::vector<Set>& sets() {
  static const std::vector<Set>& all = *new std::vector<Set>(find_sets());
  return all;
}

/** What a device was opened with. */
struct Opened {
  const Set* set;
  int threads;
};
/** Everything of one context: two workers share nothing but the pool, the devices of one context its arena. */
struct Context {
  Arena arena;
  std::vector<Opened> opened;
  int32_t ints[256] = {};
  double numbers[32] = {};
};

static Context* context_of(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return (Context*)data;
}
static napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}
static napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}
static int integer(napi_env env, napi_value value) {
  int32_t result = 0;
  napi_get_value_int32(env, value, &result);
  return result;
}

/** Kernel k of opened device d is called d · BLOCK + k. */
static const int BLOCK = 1 << 10;

/** run(): the kernel ints[0] with the arguments behind it; 0, or 1 when memory is out. */
static napi_value run(napi_env env, napi_callback_info) {
  Context* context = context_of(env);
  Call call{context->arena, context->ints, context->numbers};
  const int device = context->ints[0] / BLOCK, index = context->ints[0] % BLOCK;
  if (index < 0 || device >= (int)context->opened.size() || index >= context->opened[device].set->count) return fail(env, "no such kernel");
  const Opened& opened = context->opened[device];
  if (pool_threads() != opened.threads) pool_set_threads(opened.threads);
  opened.set->kernels[index].run(call);
  return number(env, call.end());
}
/** make(length) -> handle, or −1. */
static napi_value make(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  double length = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_double(env, argument, &length);
  return number(env, context_of(env)->arena.make((long)length));
}
/** drop(handle) -> whether it was there. */
static napi_value drop(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  Arena& arena = context_of(env)->arena;
  const int handle = integer(env, argument);
  const bool there = arena.holds(handle);
  if (there) arena.drop(handle);
  napi_value result;
  napi_get_boolean(env, there, &result);
  return result;
}
/** trim(): gives memory that no array stands on back to the system. */
static napi_value trim(napi_env env, napi_callback_info) {
  context_of(env)->arena.trim();
  return nullptr;
}
/** move(handle, typed array, offset in elements, into the arena?) */
static napi_value move(napi_env env, napi_callback_info info) {
  size_t count = 4, length = 0;
  napi_value arguments[4];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Arena& arena = context_of(env)->arena;
  const int handle = integer(env, arguments[0]);
  double offset = 0;
  bool inward = false;
  void* data = nullptr;
  napi_typedarray_type type;
  napi_get_value_double(env, arguments[2], &offset);
  napi_get_value_bool(env, arguments[3], &inward);
  if (napi_get_typedarray_info(env, arguments[1], &type, &length, &data, nullptr, nullptr) != napi_ok) return fail(env, "a typed array was wanted");
  if (!arena.holds(handle) || offset < 0 || (long)offset + (long)length > arena.length(handle)) return fail(env, "a range outside of the array");
  float* there = arena.floats(handle) + (long)offset;
  if (inward) memcpy(there, data, length * 4);
  else memcpy(data, there, length * 4);
  return nullptr;
}
static napi_value clear(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  Arena& arena = context_of(env)->arena;
  const int handle = integer(env, argument);
  if (arena.holds(handle)) memset(arena.floats(handle), 0, (size_t)arena.length(handle) * 4);
  return nullptr;
}

static std::string text(napi_env env, napi_value value) {
  char buffer[64] = {};
  size_t length = 0;
  napi_get_value_string_utf8(env, value, buffer, sizeof buffer, &length);
  return std::string(buffer, length);
}
/** open(set or '', threads) -> { set, sets, kernels, first }: picks the best set that runs here, or the named one; kernel k is called first + k. */
static napi_value open(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  const std::string wanted = text(env, arguments[0]);
  Context* context = context_of(env);
  napi_value result, names, kernels, value;
  napi_create_object(env, &result);
  napi_create_array(env, &names);
  napi_create_array(env, &kernels);
  uint32_t i = 0;
  const Set* chosen = nullptr;
  for (const Set& set : sets()) {
    if (!set.runs) continue;
    napi_create_string_utf8(env, set.name, NAPI_AUTO_LENGTH, &value);
    napi_set_element(env, names, i++, value);
    if (!chosen && (wanted.empty() || wanted == set.name)) chosen = &set;
  }
  napi_set_named_property(env, result, "sets", names);
  if (chosen) {
    const int wanted_threads = integer(env, arguments[1]), threads = wanted_threads < 1 ? 1 : wanted_threads;
    size_t device = 0;
    while (device < context->opened.size() && (context->opened[device].set != chosen || context->opened[device].threads != threads)) device++;
    if (device == context->opened.size()) context->opened.push_back({chosen, threads});
    napi_set_named_property(env, result, "first", number(env, (double)device * BLOCK));
    for (int k = 0; k < chosen->count; k++) {
      napi_create_string_utf8(env, chosen->kernels[k].name, NAPI_AUTO_LENGTH, &value);
      napi_set_element(env, kernels, (uint32_t)k, value);
    }
    napi_create_string_utf8(env, chosen->name, NAPI_AUTO_LENGTH, &value);
    napi_set_named_property(env, result, "set", value);
  }
  napi_set_named_property(env, result, "kernels", kernels);
  return result;
}

static napi_value view(napi_env env, void* data, size_t bytes, napi_typedarray_type type, size_t length) {
  napi_value buffer, array;
  napi_create_external_arraybuffer(env, data, bytes, [](napi_env, void*, void*) {}, nullptr, &buffer);
  napi_create_typedarray(env, type, length, buffer, 0, &array);
  return array;
}

/** Helpers of the pool stay for ever, so the code stays: Node unloads an addon with the last worker that had loaded it. */
static void stay_loaded() {
#if !defined(_WIN32)
  Dl_info here;
  if (dladdr((void*)stay_loaded, &here)) dlopen(here.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
#endif
}

NAPI_MODULE_INIT() {
  stay_loaded();
  Context* context = new Context;
  napi_set_instance_data(env, context, [](napi_env, void* data, void*) { delete (Context*)data; }, nullptr);
  const struct {
    const char* name;
    napi_callback call;
  } functions[] = {{"run", run}, {"make", make}, {"drop", drop}, {"trim", trim}, {"move", move}, {"clear", clear}, {"open", open}};
  for (const auto& f : functions) {
    napi_value value;
    napi_create_function(env, f.name, NAPI_AUTO_LENGTH, f.call, nullptr, &value);
    napi_set_named_property(env, exports, f.name, value);
  }
  napi_set_named_property(env, exports, "ints", view(env, context->ints, sizeof context->ints, napi_int32_array, 256));
  napi_set_named_property(env, exports, "numbers", view(env, context->numbers, sizeof context->numbers, napi_float64_array, 32));
  return exports;
}
