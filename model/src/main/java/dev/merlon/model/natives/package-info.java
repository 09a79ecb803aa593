/**
 * Native libraries as files: each is unpacked once, into a folder that nobody else can write, and
 * loaded from there by every later process. Nothing goes through the shared temporary folder.
 */
@NullMarked
package dev.merlon.model.natives;

import org.jspecify.annotations.NullMarked;
