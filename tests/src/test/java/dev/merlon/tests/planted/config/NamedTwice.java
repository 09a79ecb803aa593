package dev.merlon.tests.planted.config;

/** Has the name of another class. */
final class NamedTwice {
  private NamedTwice() {}
}
