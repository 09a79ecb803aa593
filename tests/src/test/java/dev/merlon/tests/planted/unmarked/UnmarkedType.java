package dev.merlon.tests.planted.unmarked;

/** Lies in a package without a null mark. */
public final class UnmarkedType {
  private UnmarkedType() {}
}
