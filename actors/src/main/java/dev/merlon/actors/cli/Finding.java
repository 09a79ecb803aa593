package dev.merlon.actors.cli;

/**
 * What one check of {@code doctor} found.
 *
 * @param name what was checked, one word
 * @param ok whether it works
 * @param detail what it is, or why it failed; one line
 */
record Finding(String name, boolean ok, String detail) {}
