/**
 * Child processes and what is said to them: one JVM that owns others, over two Unix sockets each.
 * Knows no tensors, models or verdicts.
 */
@NullMarked
package dev.merlon.actors.link;

import org.jspecify.annotations.NullMarked;
