package dev.merlon.actors.cli;

/**
 * What every command is given.
 *
 * @param console where it writes
 * @param interrupts how it learns that it should stop
 * @param log where its log goes
 */
record CommandContext(Console console, Interrupts interrupts, LogFile log) {}
