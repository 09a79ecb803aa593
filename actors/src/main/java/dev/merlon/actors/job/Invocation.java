package dev.merlon.actors.job;

/**
 * How a command was started.
 *
 * @param command as it was typed
 * @param version of Merlon
 */
public record Invocation(String command, String version) {}
