/**
 * The command line: reads what a user typed, runs it, and says in one line what went wrong. It may
 * import every package of {@code actors} and below, and touches Akka and the tensor engine only in
 * commands that need them, so that help appears at once. The commands lie here, what they do in
 * {@code work}, what a user sees in {@code terminal}.
 */
@NullMarked
package dev.merlon.actors.cli;

import org.jspecify.annotations.NullMarked;
