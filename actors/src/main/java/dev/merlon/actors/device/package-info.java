/**
 * Who owns the tensors of a device: one actor on one pinned thread, through which everybody else
 * works with them. May import {@code config} and {@code model}.
 */
@NullMarked
package dev.merlon.actors.device;

import org.jspecify.annotations.NullMarked;
