# Walks the words before the cursor: which command they name, and what the next word is. Sets
# command, and wanted: an option whose value comes next, or the number of the next argument.
_merlon_walk() {
  local word reply place several number=1
  command=$1 wanted=
  shift
  for word in "$@"; do
    if [[ -n $wanted ]]; then
      wanted=
    elif [[ $word == -*=* ]]; then
      :
    elif [[ $word == -* ]]; then
      ! _merlon_values "$command" "$word" || wanted=$word
    elif _merlon_below "$command" && [[ " $reply " == *" $word "* ]]; then
      command="$command $word"
    else
      number=$((number + 1))
    fi
  done
  [[ -n $wanted ]] || wanted=$number
}

