#include "CClosure.h"

// Swift's calling convention: a closure is passed as function and context, and called with its context apart from the
// arguments (https://github.com/swiftlang/swift/blob/main/docs/ABI/CallingConvention.rst).
typedef __attribute__((swiftcall)) void (*Body)(
    long argument, __attribute__((swift_context)) void *context);

/// Declared in Swift, where its first two parameters are one: the closure.
__attribute__((swiftcall)) void cclosure_store(void *function, void *context, CClosure *closure) {
  closure->function = function;
  closure->context = context;
}

void cclosure_call(const CClosure *closure, long argument) {
  ((Body)closure->function)(argument, closure->context);
}
