/**
 * Turns HOCON presets, files and overrides into the immutable, checked settings of a run. The
 * records of its sections have packages of their own below.
 */
@NullMarked
package dev.merlon.config;

import org.jspecify.annotations.NullMarked;
