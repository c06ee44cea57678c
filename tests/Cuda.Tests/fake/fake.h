// What the parts of the fake share. A stream is a queue of commands that run when somebody waits for them, or at once,
// by the order that a test chose: what lacks a wait reads, or writes, at the wrong time, and is found out.

#pragma once

#include <cstddef>
#include <functional>

// Queues a command on a stream; runs it at once where the order says so.
void fake_enqueue(void *stream, bool is_copy, std::function<void()> command);

// The code that a call is to fail with, by what a test asked for; 0 for none.
int fake_outcome(const char *call);

// Counts an object that was made (1) or given back (-1).
void fake_count(const char *kind, int change);

// Remembers what a kernel did wrong: the device is lost from now on.
void fake_lose(const char *reason);
