/**
 * Where Merlon keeps what it makes for itself: its home folder, and folders that code may be loaded
 * from because nobody else can write there.
 */
@NullMarked
package dev.merlon.config.home;

import org.jspecify.annotations.NullMarked;
