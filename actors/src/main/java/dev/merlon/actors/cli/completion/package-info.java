/**
 * {@code merlon completion}: scripts that let a shell complete commands, options and their values,
 * made from the tree of commands.
 */
@NullMarked
package dev.merlon.actors.cli.completion;

import org.jspecify.annotations.NullMarked;
