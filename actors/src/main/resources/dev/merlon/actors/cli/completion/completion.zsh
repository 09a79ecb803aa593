(( $+functions[compdef] )) || { autoload -U compinit && compinit }

_merlon_value() {
  local reply= place= several= word
  _merlon_values "$command" "$wanted" || return 1
  [[ -z $several ]] || compset -P '*,'
  if [[ $place == behind ]] && compset -P '*:'; then
    _path_files -/
    return
  fi
  for word in ${=reply}; do
    if [[ $word == *: || -n $several ]]; then
      compadd -S '' -- "$word"
    else
      compadd -- "$word"
    fi
  done
  case $place in
    files) _files ;;
    folders) _path_files -/ ;;
  esac
}

_merlon() {
  local command wanted reply
  _merlon_walk merlon "${(@)words[2,CURRENT-1]}"
  if [[ $wanted == -* ]]; then
    _merlon_value
  elif [[ $PREFIX == -*=* ]]; then
    wanted=${PREFIX%%=*}
    compset -P '*='
    _merlon_value
  elif [[ $PREFIX == -* ]]; then
    _merlon_options "$command" && compadd -- ${=reply}
  else
    ! _merlon_below "$command" || compadd -- ${=reply}
    _merlon_value
  fi
}

compdef _merlon merlon
