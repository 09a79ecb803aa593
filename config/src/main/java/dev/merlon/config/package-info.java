/**
 * Turns HOCON presets, files and overrides into immutable, checked settings records, and defines
 * the failures every part of Merlon reports to people. Imports nothing else of Merlon.
 */
@NullMarked
package dev.merlon.config;

import org.jspecify.annotations.NullMarked;
