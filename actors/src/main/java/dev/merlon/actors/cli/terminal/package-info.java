/**
 * What a user sees: streams, colours, progress and numbers in words. It imports nothing else of
 * Merlon.
 */
@NullMarked
package dev.merlon.actors.cli.terminal;

import org.jspecify.annotations.NullMarked;
