/**
 * Files and folders that one process at a time may write to, and files of one entry a line. Imports
 * nothing of the other packages.
 */
@NullMarked
package dev.merlon.model.file;

import org.jspecify.annotations.NullMarked;
