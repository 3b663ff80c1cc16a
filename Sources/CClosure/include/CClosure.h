#ifndef CCLOSURE_H
#define CCLOSURE_H

/// A Swift closure `(Int) -> Void` that does not escape, as the two words it is passed in.
///
/// Handing such a closure to another thread takes `withoutActuallyEscaping`, which allocates at every call. A training
/// step hands over hundreds, so the words themselves are handed over; they are good until the function that was given
/// the closure returns.
typedef struct {
  void *function;
  void *context;
} CClosure;

/// Calls the closure.
void cclosure_call(const CClosure *closure, long argument);

#endif
