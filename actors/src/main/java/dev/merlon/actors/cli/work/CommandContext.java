package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;

/**
 * What every command is given.
 *
 * @param console where it writes
 * @param interrupts how it learns that it should stop
 * @param log where its log goes
 */
public record CommandContext(Console console, Interrupts interrupts, LogFile log) {}
