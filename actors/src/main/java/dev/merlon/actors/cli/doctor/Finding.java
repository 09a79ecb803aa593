package dev.merlon.actors.cli.doctor;

/**
 * What one check of {@code doctor} found.
 *
 * @param name what was checked, one word
 * @param ok whether it works
 * @param essential whether Merlon cannot work without it
 * @param detail what it is, or why it failed; one line
 */
record Finding(String name, boolean ok, boolean essential, String detail) {}
