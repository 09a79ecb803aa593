# The words of the line up to the cursor. Readline breaks them at : and =, too.
_merlon_words() {
  local rest=${COMP_LINE:0:COMP_POINT} space i
  words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    space=${rest%%[![:space:]]*}
    rest=${rest#"$space"}
    if ((i == 0)) || [[ -n $space ]]; then
      words+=("")
    fi
    if ((i == COMP_CWORD)); then
      words[${#words[@]} - 1]+=$rest
    else
      words[${#words[@]} - 1]+=${COMP_WORDS[i]}
      rest=${rest#"${COMP_WORDS[i]}"}
    fi
  done
}

# Offers words that begin with $part, behind $head.
_merlon_offer() {
  local word
  for word in "$@"; do
    [[ $word == "$part"* ]] || continue
    [[ $word != *: && -z $several ]] || compopt -o nospace 2>/dev/null
    COMPREPLY+=("$head$word")
  done
}

# Offers names of files (-f) or folders (-d) that begin with $part, behind $head.
_merlon_names() {
  local name from=${part/#\~\//$HOME/}
  compopt -o filenames 2>/dev/null
  while IFS= read -r name; do
    [[ ! -d $name ]] || { name+=/ && compopt -o nospace 2>/dev/null; }
    COMPREPLY+=("$head$name")
  done < <(compgen "$1" -- "$from")
}

_merlon_value() {
  local reply= place= several=
  _merlon_values "$command" "$wanted" || return
  if [[ -n $several && $part == *,* ]]; then
    head+=${part%,*},
    part=${part##*,}
  fi
  if [[ $place == behind && $part == *:* ]]; then
    head+=${part%%:*}:
    part=${part#*:}
    _merlon_names -d
    return
  fi
  _merlon_offer $reply
  case $place in
    files) _merlon_names -f ;;
    folders) _merlon_names -d ;;
  esac
}

_merlon() {
  local words command wanted reply head= part several= i broken
  COMPREPLY=()
  _merlon_words
  part=${words[${#words[@]} - 1]}
  unset "words[${#words[@]}-1]"
  words[0]=merlon
  _merlon_walk "${words[@]}"
  broken=${part%"${part##*[$COMP_WORDBREAKS]}"}
  if [[ $wanted == -* ]]; then
    _merlon_value
  elif [[ $part == -*=* ]]; then
    wanted=${part%%=*} head=${part%%=*}= part=${part#*=}
    _merlon_value
  elif [[ $part == -* ]]; then
    _merlon_options "$command" && _merlon_offer $reply
  else
    ! _merlon_below "$command" || _merlon_offer $reply
    _merlon_value
  fi
  for i in "${!COMPREPLY[@]}"; do
    COMPREPLY[i]=${COMPREPLY[i]#"$broken"}
  done
}

complete -F _merlon merlon
