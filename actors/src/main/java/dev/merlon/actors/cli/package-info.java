/**
 * The command line: reads what a user typed, runs it, and says in one line what went wrong. It may
 * import every package of {@code actors} and below, and touches Akka and the tensor engine only in
 * commands that need them, so that help appears at once. Here lie the start of the program, the
 * tree of commands, help texts and failures; the commands in {@code command}, {@code doctor} and
 * {@code completion}, what they share in {@code option}, how they run jobs and show them in {@code
 * work}, streams and tables in {@code terminal}.
 */
@NullMarked
package dev.merlon.actors.cli;

import org.jspecify.annotations.NullMarked;
