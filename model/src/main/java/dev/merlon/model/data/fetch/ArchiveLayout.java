package dev.merlon.model.data.fetch;

import java.util.List;

/**
 * What of an archive is unpacked, and how much that may be.
 *
 * @param format how it is packed
 * @param top the folder in the archive whose content goes into the data set's directory
 * @param wanted names of the files and folders in {@code top} that are unpacked; each must be there
 * @param files how many files these are
 * @param diskBytes what they take on a disk, about; unpacking twice as much is refused
 */
record ArchiveLayout(
    ArchiveFormat format, String top, List<String> wanted, int files, long diskBytes) {

  ArchiveLayout {
    wanted = List.copyOf(wanted);
  }
}
