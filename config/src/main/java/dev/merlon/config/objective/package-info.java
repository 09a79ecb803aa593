/**
 * Settings of what training minimises: one record per family of methods, and the words that select
 * them.
 */
@NullMarked
package dev.merlon.config.objective;

import org.jspecify.annotations.NullMarked;
