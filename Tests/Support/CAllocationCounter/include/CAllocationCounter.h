#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

/// How often this process has asked for memory, on all threads: the functions of malloc's family are replaced by ones
/// that count and call the C library's own.
long allocation_count(void);

#endif
